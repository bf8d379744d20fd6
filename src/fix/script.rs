//! The scripts of a plan, with what they do not decide.

use super::{Decided, Decision, handle};
use crate::repair::{Plan, in_comment, to_rollback_sql, to_sql};

/// The script for `psql`; the findings that it leaves because a person has to choose stand at its end.
pub fn script(plan: &Plan, decided: &[Decided<'_>]) -> String {
    format!("{}{}", to_sql(plan), open_ends(decided))
}

/// The script that takes it back.
pub fn rollback_script(plan: &Plan) -> String {
    to_rollback_sql(plan)
}

fn open_ends(decided: &[Decided<'_>]) -> String {
    let mut lines = Vec::new();
    for one in decided {
        if let Decision::Open(alternatives) = &one.decision {
            lines.push(format!("--   {}", in_comment(&one.finding.message)));
            for repair in alternatives {
                lines.push(format!(
                    "--     --choose '{}={}': {}",
                    in_comment(&handle(one.finding)),
                    repair.name,
                    in_comment(&repair.title)
                ));
            }
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    format!(
        "\n-- Not repaired, as there is a choice:\n{}\n",
        lines.join("\n")
    )
}
