//! The statements that are measured: `statements.sql`, in sections that share one schema.

/// A schema and what is done to it, each statement by itself.
#[derive(Debug, Clone)]
pub struct Section {
    pub title: String,
    pub given: String,
    /// Rows that break what the statements ask for.
    pub rows: String,
    pub statements: Vec<String>,
}

/// The sections of `statements.sql`, every `[[a|b]]` written out.
pub fn sections() -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut part = "";
    for line in include_str!("statements.sql").lines() {
        match (line, sections.last_mut()) {
            ("", _) => {}
            ("-- given" | "-- rows" | "-- statements", _) => part = line,
            (title, _) if title.starts_with("-- # ") => sections.push(Section {
                title: title.trim_start_matches("-- # ").to_owned(),
                given: String::new(),
                rows: String::new(),
                statements: Vec::new(),
            }),
            (line, Some(section)) if part != "-- statements" => {
                let text = if part == "-- rows" {
                    &mut section.rows
                } else {
                    &mut section.given
                };
                text.push_str(line);
                text.push('\n');
            }
            (line, Some(section)) => section.statements.extend(written_out(line)),
            (line, None) => panic!("no section yet: {line}"),
        }
    }
    sections
}

/// Each way to choose one of every `[[a|b]]`.
fn written_out(line: &str) -> Vec<String> {
    let Some((head, rest)) = line.split_once("[[") else {
        return vec![line.to_owned()];
    };
    // `int[]` may stand last in a list of choices.
    let end = rest
        .match_indices("]]")
        .map(|(at, _)| at)
        .find(|at| !rest[at + 2..].starts_with(']'))
        .expect("]] closes [[");
    let (choices, tail) = (&rest[..end], &rest[end + 2..]);
    choices
        .split('|')
        .flat_map(|choice| written_out(&format!("{head}{choice}{tail}")))
        .collect()
}
