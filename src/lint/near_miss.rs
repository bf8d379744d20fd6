//! "Did you mean": the known name that a written one is most likely a slip of.

/// The candidate nearest to `written`; `None` where none is near enough to be meant.
///
/// Near is a third of the letters at most (and always one): more is another word.
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = written.to_lowercase();
    let limit = (written.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&written, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `; did you mean `x`?`, or nothing: to be put after a message.
pub fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(written, candidates)
        .map(|meant| format!("; did you mean `{meant}`?"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_led_back_and_another_word_is_not() {
        let known = ["set-not-null", "add-index", "add-field"];
        assert_eq!(nearest("set-notnull", known), Some("set-not-null"));
        assert_eq!(nearest("Add-Indxe", known), Some("add-index"));
        assert_eq!(nearest("rename-table", known), None);
        assert_eq!(did_you_mean("x", known), "");
    }
}
