//! `TableConstraint` and `ConstraintElem`, with the attributes that follow one.

use super::exclusion;
use super::unmodelled::{grows, opaque_change, relations};
use crate::schema::{
    Change, Check, ConstraintDefinition, ConstraintKind, Deferral, ForeignKey, Identifier, Key,
    NullsDistinct, ReferentialAction, Touches, Validity, WrittenName,
};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::expression;
use crate::sql::lexer::Lexeme;

/// What a table constraint adds.
pub(super) enum Added {
    Constraint(ConstraintDefinition),
    /// `[CONSTRAINT name] NOT NULL column`, of PostgreSQL 18.
    NotNull(Identifier),
    Unmodelled(Unmodelled),
}

/// A constraint of which the schema does not model a clause.
pub(super) struct Unmodelled {
    pub(super) what: &'static str,
    /// `None` for NOT NULL.
    kind: Option<ConstraintKind<WrittenName>>,
}

impl Unmodelled {
    /// What it changes when a table gets it.
    pub(super) fn change(&self, cursor: &Cursor<'_>, table: &WrittenName) -> Change {
        let touches = match &self.kind {
            // Its columns are then NOT NULL.
            Some(ConstraintKind::PrimaryKey(_)) | None => relations([table.clone()]),
            Some(ConstraintKind::ForeignKey(key)) => {
                Touches::Grows([table.clone(), key.references.clone()].into())
            }
            Some(
                ConstraintKind::Unique(_) | ConstraintKind::Check(_) | ConstraintKind::Exclusion(_),
            ) => grows(table),
        };
        opaque_change(cursor, self.what, touches)
    }

    /// The columns of a primary key, which it makes NOT NULL.
    pub(super) fn not_null(&self) -> &[Identifier] {
        match &self.kind {
            Some(ConstraintKind::PrimaryKey(key)) => &key.columns,
            _ => &[],
        }
    }
}

/// `ConstraintElem`, and the clause of it that the schema does not model.
pub(super) struct Element {
    pub(super) kind: ConstraintKind<WrittenName>,
    pub(super) unmodelled: Option<&'static str>,
}

impl From<ConstraintKind<WrittenName>> for Element {
    fn from(kind: ConstraintKind<WrittenName>) -> Self {
        Self {
            kind,
            unmodelled: None,
        }
    }
}

impl Element {
    /// The constraint, with the attributes that follow it.
    pub(super) fn define(self, name: Option<Identifier>, attributes: Attributes) -> Added {
        if let Some(what) = self.unmodelled {
            return Added::Unmodelled(Unmodelled {
                what,
                kind: Some(self.kind),
            });
        }
        Added::Constraint(ConstraintDefinition {
            name,
            kind: self.kind,
            validity: attributes.validity,
            deferral: attributes.deferral,
        })
    }
}

/// Whether a table constraint comes next, not a column (whose name may be a key word of no rank).
pub(super) fn at_table_constraint(cursor: &Cursor<'_>) -> bool {
    [
        "CONSTRAINT",
        "PRIMARY KEY",
        "UNIQUE",
        "CHECK",
        "FOREIGN KEY",
        "NOT NULL",
    ]
    .iter()
    .any(|words| cursor.at(words))
        || (cursor.at("EXCLUDE")
            && cursor
                .peek_at(1)
                .is_some_and(|next| next.is_word("USING") || next.is_symbol("(")))
}

/// `CONSTRAINT name`, if it comes; the name may be one that is not known.
pub(super) fn name(cursor: &mut Cursor<'_>) -> Parsed<Option<Identifier>> {
    if cursor.eat("CONSTRAINT") {
        cursor.identifier_or_hole().map(Some)
    } else {
        Ok(None)
    }
}

pub(super) fn table_constraint(cursor: &mut Cursor<'_>) -> Parsed<Added> {
    let name = name(cursor)?;
    if cursor.eat("NOT NULL") {
        let column = cursor.identifier()?;
        return Ok(match Attributes::read(cursor)?.validity {
            Validity::Valid => Added::NotNull(column),
            Validity::NotValid | Validity::NotEnforced => Added::Unmodelled(Unmodelled {
                what: "NOT NULL that is NOT VALID",
                kind: None,
            }),
        });
    }
    let element = element(cursor)?;
    Ok(element.define(name, Attributes::read(cursor)?))
}

fn element(cursor: &mut Cursor<'_>) -> Parsed<Element> {
    if cursor.eat("PRIMARY KEY") {
        return key(cursor, NullsDistinct::Distinct, ConstraintKind::PrimaryKey);
    }
    if cursor.eat("UNIQUE") {
        let nulls = nulls(cursor);
        return key(cursor, nulls, ConstraintKind::Unique);
    }
    if cursor.eat("CHECK") {
        return check(cursor).map(Element::from);
    }
    if cursor.eat("FOREIGN KEY") {
        let (columns, period) = columns_and_period(cursor, Cursor::identifier)?;
        let mut found = references(cursor, columns)?;
        found.unmodelled = found.unmodelled.or(period);
        return Ok(found);
    }
    if cursor.eat("EXCLUDE") {
        return exclusion::definition(cursor);
    }
    Err(cursor.unexpected("a constraint"))
}

/// `NULLS [NOT] DISTINCT`.
pub(super) fn nulls(cursor: &mut Cursor<'_>) -> NullsDistinct {
    if cursor.eat("NULLS NOT DISTINCT") {
        NullsDistinct::NotDistinct
    } else {
        cursor.eat("NULLS DISTINCT");
        NullsDistinct::Distinct
    }
}

fn key(
    cursor: &mut Cursor<'_>,
    nulls: NullsDistinct,
    kind: fn(Key) -> ConstraintKind<WrittenName>,
) -> Parsed<Element> {
    cursor.expect_symbol("(")?;
    let columns = cursor.list(Cursor::identifier)?;
    let temporal = cursor.eat("WITHOUT OVERLAPS");
    cursor.expect_symbol(")")?;
    Ok(Element {
        kind: kind(key_options(cursor, columns, nulls)?),
        unmodelled: temporal.then_some("WITHOUT OVERLAPS"),
    })
}

/// `(a, PERIOD b)`: of PostgreSQL 18.
fn columns_and_period<'a>(
    cursor: &mut Cursor<'a>,
    mut column: impl FnMut(&mut Cursor<'a>) -> Parsed<Identifier>,
) -> Parsed<(Vec<Identifier>, Option<&'static str>)> {
    let mut period = None;
    cursor.expect_symbol("(")?;
    let columns = cursor.list(|cursor| {
        // A column may be called so, too.
        if cursor.at("PERIOD") && cursor.peek_at(1).is_some_and(Lexeme::is_name) {
            cursor.eat("PERIOD");
            period = Some("PERIOD");
        }
        column(cursor)
    })?;
    cursor.expect_symbol(")")?;
    Ok((columns, period))
}

/// INCLUDE, WITH, USING INDEX TABLESPACE.
pub(super) fn key_options(
    cursor: &mut Cursor<'_>,
    columns: Vec<Identifier>,
    nulls: NullsDistinct,
) -> Parsed<Key> {
    let include = if cursor.eat("INCLUDE") {
        cursor.identifiers()?
    } else {
        Vec::new()
    };
    index_storage(cursor)?;
    Ok(Key {
        columns,
        include,
        nulls,
    })
}

pub(super) fn index_storage(cursor: &mut Cursor<'_>) -> Parsed<()> {
    if cursor.eat("WITH") {
        cursor.parenthesised()?;
    }
    if cursor.eat("USING INDEX TABLESPACE") {
        cursor.identifier()?;
    }
    Ok(())
}

/// After `CHECK`.
pub(super) fn check(cursor: &mut Cursor<'_>) -> Parsed<ConstraintKind<WrittenName>> {
    let inside = cursor.parenthesised()?;
    let condition = expression::whole(&cursor.within(inside));
    cursor.eat("NO INHERIT");
    Ok(ConstraintKind::Check(Check { condition }))
}

/// `REFERENCES table [(columns)] [MATCH ...] [ON DELETE ...] [ON UPDATE ...]`.
pub(super) fn references(cursor: &mut Cursor<'_>, columns: Vec<Identifier>) -> Parsed<Element> {
    cursor.expect("REFERENCES")?;
    // Where the parent is not known, the rest of the key still is.
    let references = match cursor.peek() {
        Some(next) if cursor.hole(next).is_some() => {
            WrittenName::bare(cursor.identifier_or_hole()?)
        }
        _ => cursor.name()?,
    };
    let mut found = ForeignKey {
        columns,
        references,
        referenced_columns: Vec::new(),
        on_delete: ReferentialAction::NoAction,
        on_update: ReferentialAction::NoAction,
    };
    let mut unmodelled = None;
    if cursor.at_symbol("(") {
        (found.referenced_columns, unmodelled) =
            columns_and_period(cursor, Cursor::identifier_or_hole)?;
    }
    if cursor.eat("MATCH FULL") {
        unmodelled = Some("MATCH FULL");
    } else if cursor.eat("MATCH") {
        cursor.expect("SIMPLE")?;
    }
    loop {
        if cursor.eat("ON DELETE") {
            found.on_delete = action(cursor)?;
        } else if cursor.eat("ON UPDATE") {
            found.on_update = action(cursor)?;
        } else {
            return Ok(Element {
                kind: ConstraintKind::ForeignKey(found),
                unmodelled,
            });
        }
        if cursor.at_symbol("(") {
            cursor.identifiers()?;
            unmodelled = Some("SET NULL or SET DEFAULT of single columns");
        }
    }
}

fn action(cursor: &mut Cursor<'_>) -> Parsed<ReferentialAction> {
    let actions = [
        ("NO ACTION", ReferentialAction::NoAction),
        ("RESTRICT", ReferentialAction::Restrict),
        ("CASCADE", ReferentialAction::Cascade),
        ("SET NULL", ReferentialAction::SetNull),
        ("SET DEFAULT", ReferentialAction::SetDefault),
    ];
    let found = actions.into_iter().find(|(words, _)| cursor.eat(words));
    let (_, action) = found.ok_or_else(|| cursor.unexpected("a referential action"))?;
    Ok(action)
}

/// `ConstraintAttributeSpec`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attributes {
    pub(super) deferral: Deferral,
    pub(super) validity: Validity,
}

impl Attributes {
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Parsed<Self> {
        let mut found = Self {
            deferral: Deferral::NotDeferrable,
            validity: Validity::Valid,
        };
        loop {
            if cursor.eat("NOT DEFERRABLE") {
                found.deferral = Deferral::NotDeferrable;
            } else if cursor.eat("DEFERRABLE") {
                found.deferral = found.deferral.max(Deferral::InitiallyImmediate);
            } else if cursor.eat("INITIALLY DEFERRED") {
                found.deferral = Deferral::InitiallyDeferred;
            } else if cursor.eat("NOT VALID") {
                found.validity = Validity::NotValid;
            } else if cursor.eat("NOT ENFORCED") {
                found.validity = Validity::NotEnforced;
            } else if !cursor.eat("INITIALLY IMMEDIATE")
                && !cursor.eat("NO INHERIT")
                && !cursor.eat("ENFORCED")
            {
                return Ok(found);
            }
        }
    }
}
