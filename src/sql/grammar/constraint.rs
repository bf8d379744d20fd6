//! `TableConstraint` and `ConstraintElem`, with the attributes that follow one.

use super::exclusion;
use crate::schema::{
    Check, ConstraintDefinition, ConstraintKind, Deferral, ForeignKey, Identifier, Key,
    NullsDistinct, ReferentialAction, Validity, Why, WrittenName,
};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::expression;

/// What a table constraint adds.
pub(super) enum Added {
    Constraint(ConstraintDefinition),
    /// `[CONSTRAINT name] NOT NULL column`, of PostgreSQL 18.
    NotNull(Identifier),
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
        cursor.eat("NO INHERIT");
        return Ok(Added::NotNull(column));
    }
    let kind = element(cursor)?;
    let Attributes { deferral, validity } = Attributes::read(cursor)?;
    Ok(Added::Constraint(ConstraintDefinition {
        name,
        kind,
        validity,
        deferral,
    }))
}

fn element(cursor: &mut Cursor<'_>) -> Parsed<ConstraintKind<WrittenName>> {
    if cursor.eat("PRIMARY KEY") {
        return key(cursor, NullsDistinct::Distinct).map(ConstraintKind::PrimaryKey);
    }
    if cursor.eat("UNIQUE") {
        let nulls = nulls(cursor);
        return key(cursor, nulls).map(ConstraintKind::Unique);
    }
    if cursor.eat("CHECK") {
        return check(cursor);
    }
    if cursor.eat("FOREIGN KEY") {
        let columns = cursor.identifiers()?;
        return references(cursor, columns);
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

fn key(cursor: &mut Cursor<'_>, nulls: NullsDistinct) -> Parsed<Key> {
    let columns = cursor.identifiers()?;
    key_options(cursor, columns, nulls)
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
pub(super) fn references(
    cursor: &mut Cursor<'_>,
    columns: Vec<Identifier>,
) -> Parsed<ConstraintKind<WrittenName>> {
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
    if cursor.at_symbol("(") {
        found.referenced_columns = cursor.identifiers_or_holes()?;
    }
    if cursor.eat("MATCH") && !cursor.eat("SIMPLE") {
        return Err(Why::new("MATCH FULL is not modelled"));
    }
    loop {
        if cursor.eat("ON DELETE") {
            found.on_delete = action(cursor)?;
        } else if cursor.eat("ON UPDATE") {
            found.on_update = action(cursor)?;
        } else {
            return Ok(ConstraintKind::ForeignKey(found));
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
    if cursor.at_symbol("(") {
        return Err(Why::new("SET NULL of single columns is not modelled"));
    }
    Ok(action)
}

/// `ConstraintAttributeSpec`.
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
