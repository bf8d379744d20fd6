//! EXCLUDE constraints: read whole, kept as one canonical text that is SQL again.

use super::constraint::{self, Element};
use super::index;
use crate::schema::{
    ConstraintKind, Exclusion, Expr, ExprPart, Identifier, IndexKey, KeyOrder, KeyPart, WrittenName,
};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::expression;

/// After `EXCLUDE`.
pub(super) fn definition(cursor: &mut Cursor<'_>) -> Parsed<Element> {
    let method = if cursor.eat("USING") {
        cursor.identifier()?
    } else {
        // `ExclusionConstraintElem` of `gram.y` has the default of an index.
        Identifier::quoted("btree")
    };
    let mut columns = Vec::new();
    cursor.expect_symbol("(")?;
    let mut unmodelled = None;
    let elements = cursor.list(|cursor| element(cursor, &mut columns, &mut unmodelled))?;
    cursor.expect_symbol(")")?;
    let mut definition = format!("USING {} ({})", quoted(&method), elements.join(", "));
    if cursor.eat("INCLUDE") {
        let included = cursor.identifiers()?;
        let names: Vec<String> = included.iter().map(quoted).collect();
        definition = format!("{definition} INCLUDE ({})", names.join(", "));
        columns.extend(included);
    }
    constraint::index_storage(cursor)?;
    if cursor.eat("WHERE") {
        let inside = cursor.parenthesised()?;
        let predicate = expression::whole(&cursor.within(inside));
        definition = format!("{definition} WHERE ({})", sql(&predicate, &mut columns)?);
    }
    let mut seen = std::collections::BTreeSet::new();
    columns.retain(|column| seen.insert(column.clone()));
    Ok(Element {
        kind: ConstraintKind::Exclusion(Exclusion {
            definition: definition.into(),
            columns,
        }),
        unmodelled,
    })
}

/// `index_elem WITH operator`.
fn element(
    cursor: &mut Cursor<'_>,
    columns: &mut Vec<Identifier>,
    unmodelled: &mut Option<&'static str>,
) -> Parsed<String> {
    let key = index::key(cursor, unmodelled)?;
    cursor.expect("WITH")?;
    let operator = if cursor.eat("OPERATOR") {
        let inside = cursor.parenthesised()?;
        inside.last()
    } else {
        cursor.advance()
    };
    let operator = operator.ok_or_else(|| cursor.unexpected("an operator"))?;
    let key = key_sql(&key, columns)?;
    Ok(format!("{key} WITH {}", operator.text))
}

fn key_sql(key: &IndexKey, columns: &mut Vec<Identifier>) -> Parsed<String> {
    let mut text = match &key.part {
        KeyPart::Column(name) => {
            columns.push(name.clone());
            quoted(name)
        }
        KeyPart::Expression(expression) => format!("({})", sql(expression, columns)?),
    };
    if let Some(collation) = &key.collation {
        text = format!("{text} COLLATE {}", qualified(collation));
    }
    if let Some(class) = &key.operator_class {
        text = format!("{text} {}", qualified(class));
    }
    text.push_str(match key.order {
        KeyOrder::AscendingNullsLast => "",
        KeyOrder::AscendingNullsFirst => " NULLS FIRST",
        KeyOrder::DescendingNullsFirst => " DESC",
        KeyOrder::DescendingNullsLast => " DESC NULLS LAST",
    });
    Ok(text)
}

/// The canonical form as SQL, its columns in quotes.
fn sql(expression: &Expr, columns: &mut Vec<Identifier>) -> Parsed<String> {
    let known = match expression {
        Expr::Known(known) => known,
        Expr::Unknown(why) => return Err(why.clone()),
    };
    columns.extend(expression.columns().cloned());
    let parts = known.canonical.iter().map(|part| match part {
        ExprPart::Text(text) => text.to_string(),
        ExprPart::Column(name) => quoted(name),
    });
    Ok(parts.collect())
}

fn quoted(name: &Identifier) -> String {
    format!("\"{}\"", name.as_str().replace('"', "\"\""))
}

fn qualified(name: &WrittenName) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", quoted(schema), quoted(&name.name)),
        None => quoted(&name.name),
    }
}
