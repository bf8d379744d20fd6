//! Which types hold all values of another: what a write to a column of another type than meant does.

use crate::schema::TypeName;

/// Whether every value of `of` can be stored in a column of type `column` unchanged.
///
/// Says `false` where it is not known: a text in an integer column, and types that are not built in.
pub fn holds_all_of(column: &TypeName, of: &TypeName) -> bool {
    if column == of {
        return true;
    }
    if column.is_array() != of.is_array() || column.schema != of.schema {
        return false;
    }
    match (&*column.name, &*of.name) {
        ("text", "text" | "character varying" | "character") => true,
        ("character varying", "character varying" | "character") => {
            // Without a modifier there is no limit.
            match (modifier(column, 0), modifier(of, 0)) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(room), Some(need)) => room >= need,
            }
        }
        ("character varying", "text") => column.modifiers.is_empty(),
        ("numeric", "numeric") => holds_numeric(column, of),
        (wide, narrow) => match (integer_bytes(wide), integer_bytes(narrow)) {
            (Some(wide), Some(narrow)) => wide >= narrow,
            (Some(_), None) | (None, _) => false,
        },
    }
}

fn holds_numeric(column: &TypeName, of: &TypeName) -> bool {
    if column.modifiers.is_empty() {
        return true;
    }
    let parts = |name| Some((modifier(name, 0)?, modifier(name, 1).unwrap_or(0)));
    match (parts(column), parts(of)) {
        (Some((precision, scale)), Some((needed_precision, needed_scale))) => {
            scale >= needed_scale && precision - scale >= needed_precision - needed_scale
        }
        (Some(_), None) | (None, _) => false,
    }
}

fn modifier(name: &TypeName, position: usize) -> Option<i64> {
    name.modifiers.get(position)?.parse().ok()
}

fn integer_bytes(name: &str) -> Option<u8> {
    match name {
        "smallint" => Some(2),
        "integer" => Some(4),
        "bigint" => Some(8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, modifiers: &[&str]) -> TypeName {
        TypeName {
            modifiers: modifiers.iter().map(|part| (*part).into()).collect(),
            ..TypeName::builtin(name)
        }
    }

    #[test]
    fn a_wider_column_holds_what_a_narrower_one_does_and_not_the_reverse() {
        let pairs = [
            (
                named("character varying", &["120"]),
                named("character varying", &["80"]),
            ),
            (named("text", &[]), named("character varying", &["80"])),
            (named("bigint", &[]), named("integer", &[])),
            (
                named("numeric", &["12", "2"]),
                named("numeric", &["10", "2"]),
            ),
            (
                named("numeric", &["12", "4"]),
                named("numeric", &["10", "2"]),
            ),
        ];
        for (wide, narrow) in pairs {
            assert!(holds_all_of(&wide, &narrow), "{wide} holds {narrow}");
            assert!(
                !holds_all_of(&narrow, &wide),
                "{narrow} does not hold {wide}"
            );
        }
    }

    #[test]
    fn more_scale_at_the_cost_of_whole_digits_does_not_hold() {
        let column = named("numeric", &["10", "4"]);
        assert!(!holds_all_of(&column, &named("numeric", &["10", "2"])));
    }
}
