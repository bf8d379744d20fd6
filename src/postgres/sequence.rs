//! The options of a sequence, as far as they are not the ones that go without saying.

/// What was said of a sequence, or what its catalog holds; `None` for what was not said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SequenceOptions {
    pub increment: Option<i64>,
    pub lowest: Option<i64>,
    pub highest: Option<i64>,
    pub start: Option<i64>,
    pub cache: Option<i64>,
    pub cycles: bool,
}

impl SequenceOptions {
    /// The options that are not the defaults of a sequence of this type (`CREATE SEQUENCE` in the documentation), in one
    /// order and one spelling.
    pub fn unusual(&self, data_type: &str) -> String {
        let (least, greatest) = match data_type {
            "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
            "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        let ascends = self.increment.is_none_or(|increment| increment > 0);
        let (usual_lowest, usual_highest) = if ascends { (1, greatest) } else { (least, -1) };
        let usual_start = if ascends {
            self.lowest.unwrap_or(usual_lowest)
        } else {
            self.highest.unwrap_or(usual_highest)
        };
        let mut options: Vec<String> = [
            ("INCREMENT", self.increment, 1),
            ("MINVALUE", self.lowest, usual_lowest),
            ("MAXVALUE", self.highest, usual_highest),
            ("START", self.start, usual_start),
            ("CACHE", self.cache, 1),
        ]
        .into_iter()
        .filter_map(|(word, value, usual)| {
            let value = value.filter(|value| *value != usual)?;
            Some(format!("{word} {value}"))
        })
        .collect();
        if self.cycles {
            options.push("CYCLE".to_owned());
        }
        options.join(" ")
    }
}
