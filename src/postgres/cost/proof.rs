//! Whether a CHECK proves that a column holds no NULL, so that SET NOT NULL need not read the table.
//!
//! `NotNullImpliedByRelConstraints` in `tablecmds.c`, since PostgreSQL 12.

use super::{Costing, Offending, RowError};
use crate::schema::{
    Check, Constraint, ConstraintKind, Expr, ExprPart, Identifier, KnownExpr, Lookup, RelationName,
    Validity, Why,
};

enum Proof {
    Proven,
    NotProven,
    Unsure(Why),
}

impl Costing<'_> {
    /// Reads the table unless the column is NOT NULL already or a valid CHECK proves it.
    pub(super) fn set_not_null(&mut self, table: &RelationName, column: &Identifier) {
        let known = match self.before.column(table, column) {
            Lookup::Found(column) if column.is_not_null() => return,
            Lookup::Found(_) => None,
            Lookup::Absent => Some(Why::new(format!("{table}.{column} does not exist"))),
            Lookup::Unsure(why) => Some(why),
        };
        match self.proof(table, column) {
            Proof::Proven => return,
            Proof::NotProven => {}
            Proof::Unsure(why) => self.unsure(why),
        }
        if let Some(why) = known {
            self.unsure(why);
        }
        self.may_violate(table, RowError::NotNull, Offending::Some);
        self.scan(table);
    }

    fn proof(&self, table: &RelationName, column: &Identifier) -> Proof {
        let mut unsure = None;
        // A partition has the CHECKs of its parent, too.
        let tables = self.with_ancestors(table);
        let constraints = tables
            .iter()
            .flat_map(|table| self.before.constraints_of(table));
        for (name, constraint) in constraints {
            match valid_condition(constraint) {
                Some(Expr::Known(known)) if implies_not_null(known, column) => {
                    return Proof::Proven;
                }
                Some(Expr::Unknown(why)) => {
                    unsure = Some(Why::new(format!("the CHECK {name} is not read: {why}")));
                }
                Some(Expr::Known(_)) | None => {}
            }
        }
        if !self.before.is_whole(table) {
            unsure = Some(Why::new(format!(
                "the constraints of {table} are not all known"
            )));
        }
        unsure.map_or(Proof::NotProven, Proof::Unsure)
    }
}

fn valid_condition(constraint: &Constraint) -> Option<&Expr> {
    match &constraint.kind {
        ConstraintKind::Check(Check { condition }) if constraint.validity == Validity::Valid => {
            Some(condition)
        }
        ConstraintKind::Check(_)
        | ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclusion(_) => None,
    }
}

/// Whether the condition is `column IS NOT NULL`, or a conjunction that holds it.
fn implies_not_null(condition: &KnownExpr, column: &Identifier) -> bool {
    // A column reference is marked, so that no other word is taken for it.
    let flat: String = condition
        .canonical
        .iter()
        .map(|part| match part {
            ExprPart::Text(text) => text.to_lowercase(),
            ExprPart::Column(name) if name == column => "\u{1}".to_owned(),
            ExprPart::Column(_) => "\u{2}".to_owned(),
        })
        .collect();
    let words: Vec<String> = tokens(&flat);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    conjunction_has(&words)
}

/// Words, and every other character by itself; white space only separates.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut word = String::new();
    for letter in text.chars() {
        if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
            continue;
        }
        if !word.is_empty() {
            tokens.push(std::mem::take(&mut word));
        }
        if !letter.is_whitespace() {
            tokens.push(letter.to_string());
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

/// Takes outer parentheses off and splits at each outer AND, until a part is the proof itself.
fn conjunction_has(mut words: &[&str]) -> bool {
    let mut rest: Vec<&[&str]> = Vec::new();
    loop {
        while let Some(inner) = without_parentheses(words) {
            words = inner;
        }
        if words == ["\u{1}", "is", "not", "null"] {
            return true;
        }
        if let Some(parts) = outer_conjuncts(words) {
            rest.extend(parts);
        }
        match rest.pop() {
            Some(next) => words = next,
            None => return false,
        }
    }
}

/// The words inside a pair of parentheses that is around all of them.
fn without_parentheses<'a, 'b>(words: &'a [&'b str]) -> Option<&'a [&'b str]> {
    let ["(", inner @ .., ")"] = words else {
        return None;
    };
    let mut depth = 0_i32;
    for word in inner {
        depth += step(word);
        if depth < 0 {
            return None;
        }
    }
    Some(inner)
}

/// The sides of the outer ANDs; `None` where there is none, or where something binds weaker.
fn outer_conjuncts<'a, 'b>(words: &'a [&'b str]) -> Option<Vec<&'a [&'b str]>> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    for (at, word) in words.iter().enumerate() {
        depth += step(word);
        match *word {
            // Text and BETWEEN may hold an AND that is none.
            "or" | "between" | "'" | "case" if depth == 0 => return None,
            "and" if depth == 0 => {
                parts.push(words.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    if parts.is_empty() {
        return None;
    }
    parts.push(words.get(start..)?);
    Some(parts)
}

fn step(word: &str) -> i32 {
    match word {
        "(" | "[" => 1,
        ")" | "]" => -1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proves(parts: &[&str]) -> bool {
        let column = Identifier::quoted("c");
        let parts = parts
            .iter()
            .map(|part| match *part {
                "c" => ExprPart::Column(column.clone()),
                text => ExprPart::Text(text.into()),
            })
            .collect();
        match Expr::from_parts(parts) {
            Expr::Known(known) => implies_not_null(&known, &column),
            Expr::Unknown(_) => false,
        }
    }

    #[test]
    fn a_conjunct_proves_and_a_disjunct_or_a_negation_does_not() {
        assert!(proves(&["c", " IS NOT NULL"]));
        assert!(proves(&["((", "c", " IS NOT NULL))"]));
        assert!(proves(&["(a > 1) AND (", "c", " IS NOT NULL)"]));
        assert!(!proves(&["a > 1 OR ", "c", " IS NOT NULL"]));
        assert!(!proves(&["NOT (a > 1 AND ", "c", " IS NOT NULL)"]));
        assert!(!proves(&["(a > 1) AND (b OR ", "c", " IS NOT NULL)"]));
        assert!(!proves(&["c", " IS NULL"]));
    }
}
