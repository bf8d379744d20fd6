//! Lists in messages, and the words beside them that depend on how many they list.

use std::fmt;

/// How many of a long list are named.
const NAMED: usize = 5;

/// `a`, `a and b`, `a, b and c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Enumeration {
    items: Vec<String>,
    conjunction: &'static str,
}

impl Enumeration {
    pub(super) fn of<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> Self {
        let items = items.into_iter();
        Self {
            items: items.map(|item| item.to_string()).collect(),
            conjunction: "and",
        }
    }

    /// Each in backticks, as messages name objects.
    pub(super) fn of_names<T: fmt::Display>(names: impl IntoIterator<Item = T>) -> Self {
        Self::of(names.into_iter().map(|name| format!("`{name}`")))
    }

    /// `a or b`: any of them, not all at once.
    pub(super) fn alternatives(self) -> Self {
        Self {
            conjunction: "or",
            ..self
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The form of a noun or verb that fits: `makes` for one, `make` for several.
    pub(super) fn fitting(&self, one: &'static str, several: &'static str) -> &'static str {
        match self.items.as_slice() {
            [_] => one,
            _ => several,
        }
    }

    /// The first few, and how many more there are.
    pub(super) fn shortened(&self) -> Self {
        let mut items: Vec<String> = self.items.iter().take(NAMED).cloned().collect();
        match self.items.len().saturating_sub(NAMED) {
            0 => {}
            // As long as its name.
            1 => items.extend(self.items.last().cloned()),
            more => items.push(format!("{more} more")),
        }
        Self { items, ..*self }
    }
}

impl fmt::Display for Enumeration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.items.split_last() {
            Some((last, [])) => formatter.write_str(last),
            Some((last, others)) => {
                write!(
                    formatter,
                    "{} {} {last}",
                    others.join(", "),
                    self.conjunction
                )
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Enumeration;

    #[test]
    fn the_words_beside_a_list_fit_how_many_it_lists() {
        let told = |items: &[&str]| {
            let list = Enumeration::of_names(items);
            format!(
                "{} {list} {}",
                list.fitting("index", "indexes"),
                list.fitting("is", "are")
            )
        };
        assert_eq!(told(&["a"]), "index `a` is");
        assert_eq!(told(&["a", "b"]), "indexes `a` and `b` are");
        assert_eq!(told(&["a", "b", "c"]), "indexes `a`, `b` and `c` are");
        assert_eq!(
            Enumeration::of(["a", "b"]).alternatives().to_string(),
            "a or b"
        );
    }

    #[test]
    fn a_long_list_says_how_many_it_does_not_name() {
        let letters = |count: usize| Enumeration::of("abcdefgh".chars().take(count)).shortened();
        assert_eq!(letters(5).to_string(), "a, b, c, d and e");
        assert_eq!(letters(6).to_string(), "a, b, c, d, e and f");
        assert_eq!(letters(8).to_string(), "a, b, c, d, e and 3 more");
    }
}
