//! `CREATE INDEX` and `ALTER INDEX`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::unmodelled::{balanced_rest, grows, needed, opaque, without_effect};
use super::{constraint, if_exists, if_not_exists};
use crate::schema::{
    Build, Change, CreateIndex, Expr, Identifier, IfNotExists, IndexDefinition, IndexKey, KeyOrder,
    KeyPart, NullsDistinct, Uniqueness, Why,
};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::expression::{self, Extent};
use crate::sql::lexer::{Kind, Lexeme};

/// After `CREATE`.
pub(super) fn create(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let is_unique = cursor.eat("UNIQUE");
    cursor.expect("INDEX")?;
    let build = build(cursor);
    let if_not_exists = if_not_exists(cursor);
    let name = if cursor.at("ON") && if_not_exists == IfNotExists::No {
        None
    } else {
        Some(cursor.identifier()?)
    };
    cursor.expect("ON")?;
    let mut unmodelled = None;
    if cursor.at("ONLY") && !cursor.peek_at(1).is_some_and(|next| next.is_symbol("(")) {
        cursor.eat("ONLY");
        unmodelled = Some("an index ON ONLY a partitioned table");
    }
    let table = cursor.name()?;
    let method = if cursor.eat("USING") {
        cursor.identifier()?
    } else {
        Identifier::quoted("btree")
    };
    let mut definition = definition(cursor, method, &mut unmodelled)?;
    definition.uniqueness = match (is_unique, definition.uniqueness) {
        (false, _) => Uniqueness::NotUnique,
        (true, Uniqueness::NotUnique) => Uniqueness::Unique(NullsDistinct::default()),
        (true, told) => told,
    };
    cursor.expect_end()?;
    if let Some(what) = unmodelled {
        return opaque(cursor, what, grows(&table));
    }
    Ok(vec![Change::CreateIndex(CreateIndex {
        name,
        table,
        definition,
        build,
        if_not_exists,
    })])
}

/// CONCURRENTLY.
pub(super) fn build(cursor: &mut Cursor<'_>) -> Build {
    if cursor.eat("CONCURRENTLY") {
        Build::Concurrently
    } else {
        Build::Blocking
    }
}

fn definition(
    cursor: &mut Cursor<'_>,
    method: Identifier,
    unmodelled: &mut Option<&'static str>,
) -> Parsed<IndexDefinition> {
    cursor.expect_symbol("(")?;
    let keys = cursor.list(|cursor| key(cursor, unmodelled))?;
    cursor.expect_symbol(")")?;
    let include = if cursor.eat("INCLUDE") {
        cursor.identifiers()?
    } else {
        Vec::new()
    };
    let uniqueness = if cursor.at("NULLS") {
        Uniqueness::Unique(constraint::nulls(cursor))
    } else {
        Uniqueness::NotUnique
    };
    let parameters = if cursor.eat("WITH") {
        parameters(cursor)?
    } else {
        BTreeMap::new()
    };
    let tablespace = if cursor.eat("TABLESPACE") {
        Some(cursor.identifier()?)
    } else {
        None
    };
    let predicate = if cursor.eat("WHERE") {
        Some(expression::prefix(cursor, Extent::Full)?)
    } else {
        None
    };
    Ok(IndexDefinition {
        uniqueness,
        method,
        keys,
        include,
        predicate,
        parameters,
        tablespace,
    })
}

/// `index_elem`, and a clause of it that the schema does not model.
pub(super) fn key(
    cursor: &mut Cursor<'_>,
    unmodelled: &mut Option<&'static str>,
) -> Parsed<IndexKey> {
    let part = key_part(cursor)?;
    let collation = if cursor.eat("COLLATE") {
        Some(cursor.name()?)
    } else {
        None
    };
    let ends = ["ASC", "DESC", "NULLS", "WITH"]
        .iter()
        .any(|word| cursor.at(word));
    let operator_class = if !ends && cursor.peek().is_some_and(Lexeme::is_name) {
        Some(cursor.name()?)
    } else {
        None
    };
    if operator_class.is_some() && cursor.at_symbol("(") {
        cursor.parenthesised()?;
        *unmodelled = Some("an operator class with parameters");
    }
    Ok(IndexKey {
        part,
        collation,
        operator_class,
        order: order(cursor)?,
    })
}

fn key_part(cursor: &mut Cursor<'_>) -> Parsed<KeyPart> {
    if cursor.at_symbol("(") {
        let inside = cursor.parenthesised()?;
        let expression = expression::whole(&cursor.within(inside));
        return Ok(alone(inside, expression));
    }
    let called = cursor
        .peek_at(1)
        .is_some_and(|next| next.is_symbol("(") || next.is_symbol("."));
    if called {
        return Ok(KeyPart::Expression(expression::prefix(
            cursor,
            Extent::Primary,
        )?));
    }
    Ok(KeyPart::Column(cursor.identifier()?))
}

/// `(column)` is the column: the server keeps no parentheses.
fn alone(inside: &[Lexeme<'_>], expression: Expr) -> KeyPart {
    let column = expression.columns().next().cloned();
    match (column, inside) {
        (Some(column), [only]) if only.is_name() => KeyPart::Column(column),
        _ => KeyPart::Expression(expression),
    }
}

fn order(cursor: &mut Cursor<'_>) -> Parsed<KeyOrder> {
    let descending = cursor.eat("DESC");
    if !descending {
        cursor.eat("ASC");
    }
    let nulls_first = if cursor.eat("NULLS FIRST") {
        true
    } else if cursor.eat("NULLS LAST") {
        false
    } else if cursor.at("NULLS") {
        return Err(cursor.unexpected("`NULLS FIRST` or `NULLS LAST`"));
    } else {
        descending
    };
    Ok(match (descending, nulls_first) {
        (false, false) => KeyOrder::AscendingNullsLast,
        (false, true) => KeyOrder::AscendingNullsFirst,
        (true, true) => KeyOrder::DescendingNullsFirst,
        (true, false) => KeyOrder::DescendingNullsLast,
    })
}

/// `(fillfactor = 70, fastupdate)`.
fn parameters(cursor: &mut Cursor<'_>) -> Parsed<BTreeMap<Arc<str>, Arc<str>>> {
    cursor.expect_symbol("(")?;
    let found = cursor.list(|cursor| {
        let name = cursor.identifier()?;
        let value = if cursor.eat_symbol("=") {
            let sign = if cursor.eat_symbol("-") { "-" } else { "" };
            let value = cursor.advance();
            let value = value.ok_or_else(|| Why::new("a storage parameter lacks its value"))?;
            match value.kind {
                Kind::String => value.string(),
                _ => format!("{sign}{}", value.text.to_ascii_lowercase()),
            }
        } else {
            "true".to_owned()
        };
        Ok((Arc::from(name.as_str()), Arc::from(value)))
    })?;
    cursor.expect_symbol(")")?;
    Ok(found.into_iter().collect())
}

/// After `ALTER INDEX`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    if cursor.eat("ALL IN TABLESPACE") {
        balanced_rest(cursor)?;
        return without_effect("ALTER INDEX ALL", Vec::new());
    }
    let if_exists = if_exists(cursor);
    let index = cursor.name()?;
    if cursor.eat("RENAME TO") {
        let to = cursor.identifier()?;
        cursor.expect_end()?;
        return Ok(vec![Change::RenameIndex {
            index,
            to,
            if_exists,
        }]);
    }
    let harmless = [
        "SET",
        "RESET",
        "ATTACH PARTITION",
        "ALTER",
        "DEPENDS ON",
        "NO DEPENDS ON",
        "OWNER TO",
    ];
    let Some(form) = harmless.iter().find(|form| cursor.at(form)) else {
        return Err(cursor.unexpected("an action of ALTER INDEX"));
    };
    cursor.take_rest();
    let relations = match *form {
        // It was made ON ONLY the parent, and such an index is not known by its name.
        "ATTACH PARTITION" => Vec::new(),
        _ => needed(index, if_exists),
    };
    Ok(vec![Change::NoEffect {
        what: Arc::from(format!("ALTER INDEX {form}")),
        relations,
    }])
}
