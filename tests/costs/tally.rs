//! How many answers are right, in doubt and wrong.

use std::collections::BTreeMap;
use std::fmt;

use super::verdict::Verdict;
use crate::environment::PostgresVersion;

#[derive(Debug, Default)]
pub struct Tally {
    equal: usize,
    not_there: usize,
    unsure: BTreeMap<(String, String), Vec<u32>>,
    wrong: BTreeMap<(String, String), Vec<u32>>,
}

impl Tally {
    pub fn count(&mut self, statement: &str, version: PostgresVersion, verdict: &Verdict) {
        let (list, what) = match verdict {
            Verdict::Equal => return self.equal += 1,
            Verdict::NotThere => return self.not_there += 1,
            Verdict::Unsure(why) => (&mut self.unsure, why),
            Verdict::Wrong(what) => (&mut self.wrong, what),
        };
        let versions = list
            .entry((statement.to_owned(), what.clone()))
            .or_default();
        versions.push(version.major());
    }

    pub fn assert_right(&self, most_unsure: usize) {
        let listed: Vec<String> = self
            .wrong
            .iter()
            .map(|((statement, what), versions)| format!("{versions:?} {statement}\n  {what}"))
            .collect();
        assert!(listed.is_empty(), "{}", listed.join("\n"));
        let unsure = total(&self.unsure);
        assert!(
            unsure <= most_unsure,
            "{unsure} are unsure, more than {most_unsure}"
        );
    }
}

fn total(list: &BTreeMap<(String, String), Vec<u32>>) -> usize {
    list.values().map(Vec::len).sum()
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((statement, why), versions) in &self.unsure {
            writeln!(formatter, "unsure {versions:?} {statement}: {why}")?;
        }
        write!(
            formatter,
            "{} equal, {} unsure, {} wrong, {} unknown to the server",
            self.equal,
            total(&self.unsure),
            total(&self.wrong),
            self.not_there
        )
    }
}
