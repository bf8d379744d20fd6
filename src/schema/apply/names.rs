//! The names that the server chooses for what a statement does not name.
//!
//! `makeObjectName`, `ChooseRelationName`, `ChooseIndexNameAddition`, `ChooseIndexColumnNames` in
//! `indexcmds.c`, `ChooseConstraintName` in `pg_constraint.c`, `FigureIndexColname` in `parse_target.c`.

use crate::schema::{
    Expr, ExprPart, Identifier, IndexDefinition, KeyPart, LONGEST_IDENTIFIER, RelationName, Schema,
    cut,
};

/// `{first}_{second}_{label}`, its parts cut until the whole is an identifier.
fn object_name(first: &str, second: Option<&str>, label: &str) -> String {
    let overhead = 1 + label.len() + usize::from(second.is_some());
    let room = LONGEST_IDENTIFIER.saturating_sub(overhead);
    let (mut one, mut two) = (first.len(), second.map_or(0, str::len));
    while one + two > room {
        if one > two {
            one -= 1;
        } else {
            two -= 1;
        }
    }
    let first = clip(first, one);
    match second {
        Some(second) => format!("{first}_{}_{label}", clip(second, two)),
        None => format!("{first}_{label}"),
    }
}

/// At most so many bytes, and never half a character.
fn clip(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// The names of columns in one part of a name.
fn addition<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for column in columns {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(column);
        if joined.len() > LONGEST_IDENTIFIER {
            break;
        }
    }
    joined
}

/// What a name is for, beside the table's name in it.
#[derive(Clone, Copy)]
pub(super) enum Label {
    PrimaryKey,
    Key,
    Exclusion,
    Index,
    Sequence,
    Check,
    ForeignKey,
}

impl Label {
    fn text(self) -> &'static str {
        match self {
            Self::PrimaryKey => "pkey",
            Self::Key => "key",
            Self::Exclusion => "excl",
            Self::Index => "idx",
            Self::Sequence => "seq",
            Self::Check => "check",
            Self::ForeignKey => "fkey",
        }
    }

    fn is_relation(self) -> bool {
        !matches!(self, Self::Check | Self::ForeignKey)
    }

    fn is_constraint(self) -> bool {
        !matches!(self, Self::Index | Self::Sequence)
    }
}

/// The first free name of the kind: `t_c_key`, `t_c_key1`, ...
pub(super) fn choose(
    schema: &Schema,
    table: &RelationName,
    columns: &[&str],
    label: Label,
) -> Identifier {
    let second = (!columns.is_empty()).then(|| addition(columns.iter().copied()));
    let mut number = 0_u32;
    loop {
        let numbered = if number == 0 {
            label.text().to_owned()
        } else {
            format!("{}{number}", label.text())
        };
        let name = Identifier::quoted(&object_name(
            table.name.as_str(),
            second.as_deref(),
            &numbered,
        ));
        let key = table.sibling(name.clone());
        let taken = (label.is_relation() && schema.relations.contains_key(&key))
            || (label.is_constraint() && schema.constraint_names.contains_key(&key));
        if !taken {
            return name;
        }
        number = number.saturating_add(1);
    }
}

/// The names of an index's columns as they stand in its own name: keys, then INCLUDE.
pub(super) fn index_columns(definition: &IndexDefinition) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let written = definition
        .keys
        .iter()
        .map(|key| match &key.part {
            KeyPart::Column(name) => name.as_str().to_owned(),
            KeyPart::Expression(expr) => expression_name(expr),
        })
        .chain(
            definition
                .include
                .iter()
                .map(|name| name.as_str().to_owned()),
        );
    for original in written {
        let mut name = original.clone();
        let mut number = 1_u32;
        while names.contains(&name) {
            let suffix = number.to_string();
            name = format!(
                "{}{suffix}",
                clip(&original, LONGEST_IDENTIFIER.saturating_sub(suffix.len()))
            );
            number = number.saturating_add(1);
        }
        names.push(name);
    }
    names
}

/// The name of a called function, or of the only column under a cast, else `expr`.
fn expression_name(expr: &Expr) -> String {
    let Expr::Known(known) = expr else {
        return "expr".to_owned();
    };
    let head = match &*known.canonical {
        [ExprPart::Column(name)] => return name.as_str().to_owned(),
        [
            ExprPart::Text(open),
            ExprPart::Column(name),
            ExprPart::Text(cast),
        ] if &**open == "(" && cast.starts_with("::") => {
            return name.as_str().to_owned();
        }
        [ExprPart::Text(text), ..] => text,
        _ => "",
    };
    let end = head
        .find(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .unwrap_or(head.len());
    match head.split_at_checked(end) {
        Some(("CASE", _)) => "case".to_owned(),
        // An operator stands in parentheses.
        Some((name, rest)) if !name.is_empty() && rest.starts_with('(') => {
            cut(&name.to_lowercase()).to_owned()
        }
        Some(_) | None => "expr".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name as PostgreSQL 15 made it: `CREATE TABLE` with a table name of 60 and a column of 40 bytes.
    #[test]
    fn both_parts_are_cut_until_the_name_fits() {
        let (table, column) = ("t".repeat(60), "c".repeat(40));
        let name = object_name(&table, Some(&column), "key");
        assert_eq!(name.len(), 63);
        assert_eq!(name, format!("{}_{}_key", "t".repeat(29), "c".repeat(29)));
    }

    #[test]
    fn a_character_is_never_cut_in_half() {
        let name = object_name(&"é".repeat(40), None, "pkey");
        assert_eq!(name, format!("{}_pkey", "é".repeat(29)));
    }
}
