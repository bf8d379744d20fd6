//! Repairs in words: what there is to choose from, what was taken, and what a replay of the plan says.

use std::io::{self, Write};

use super::summary::count;
use crate::fix::{Decided, Decision, Judgement, Replayed, Verdict, handle};
use crate::repair::{Repair, Safety, in_comment};

/// Each finding that has repairs, with all of them and how one is chosen.
pub fn list(decided: &[Decided<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = 0usize;
    for one in decided {
        let repairs = match &one.decision {
            Decision::NoRepair => continue,
            Decision::Taken(_) | Decision::LeftOut => one.finding.repairs.iter().collect(),
            Decision::Open(alternatives) => alternatives.clone(),
            Decision::ByHand(repairs) => repairs.clone(),
        };
        if shown > 0 {
            writeln!(out)?;
        }
        shown += 1;
        writeln!(out, "{}", handle(one.finding))?;
        writeln!(out, "  {}", in_comment(&one.finding.message))?;
        for repair in repairs {
            write_repair(repair, is_taken(one, repair), out)?;
        }
        if let Decision::Open(alternatives) = &one.decision {
            let first = alternatives.first().map_or("NAME", |repair| repair.name);
            writeln!(
                out,
                "  choose by --choose {}",
                quoted(&format!("{}={first}", handle(one.finding)))
            )?;
        }
    }
    let without = without_repair(decided);
    match (shown, without) {
        (0, 0) => writeln!(out, "nothing to repair"),
        (_, 0) => Ok(()),
        _ => writeln!(out, "{}", said_of(without)),
    }
}

fn without_repair(decided: &[Decided<'_>]) -> usize {
    let is_without = |one: &&Decided<'_>| matches!(one.decision, Decision::NoRepair);
    decided.iter().filter(is_without).count()
}

fn said_of(without: usize) -> String {
    format!(
        "{} without a repair: see `hhschema lint` and `hhschema drift`",
        count(without, "finding")
    )
}

fn is_taken(one: &Decided<'_>, repair: &Repair) -> bool {
    matches!(&one.decision, Decision::Taken(taken) if std::ptr::eq(*taken, repair))
}

fn write_repair(repair: &Repair, is_taken: bool, out: &mut dyn Write) -> io::Result<()> {
    let mark = if is_taken { "*" } else { "-" };
    writeln!(
        out,
        "  {mark} {}: {}{}",
        repair.name,
        in_comment(&repair.title),
        match repair.safety {
            Safety::Safe => "",
            Safety::Unsafe => " (unsafe)",
            Safety::DisplayOnly => " (by hand)",
        }
    )?;
    for warning in &repair.warnings {
        writeln!(out, "      {}", in_comment(warning))?;
    }
    Ok(())
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.:=/".contains(letter);
    if word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// What was decided, for the side of a script: what is left open with the names to choose from, what is done by hand,
/// and how much has no repair.
pub fn decisions(decided: &[Decided<'_>], beside: &mut dyn Write) -> io::Result<()> {
    for one in decided {
        let handle = handle(one.finding);
        match &one.decision {
            Decision::Taken(repair) => {
                writeln!(
                    beside,
                    "taken: {}",
                    quoted(&format!("{handle}={}", repair.name))
                )?;
                for warning in &repair.warnings {
                    writeln!(beside, "       {}", in_comment(warning))?;
                }
            }
            Decision::Open(alternatives) => {
                writeln!(beside, "not chosen: {handle}; choose one of:")?;
                for repair in alternatives {
                    let word = quoted(&format!("{handle}={}", repair.name));
                    writeln!(
                        beside,
                        "       --choose {word}: {}",
                        in_comment(&repair.title)
                    )?;
                }
            }
            Decision::ByHand(repairs) => {
                for repair in repairs {
                    writeln!(beside, "by hand: {handle}: {}", in_comment(&repair.title))?;
                }
            }
            Decision::LeftOut => writeln!(beside, "left as it is: {handle}")?,
            Decision::NoRepair => {}
        }
    }
    match without_repair(decided) {
        0 => Ok(()),
        without => writeln!(beside, "{}", said_of(without)),
    }
}

/// What the findings say after a replay of the plan.
pub fn replayed(replayed: &Replayed<'_>, beside: &mut dyn Write) -> io::Result<()> {
    for finding in &replayed.stays {
        writeln!(
            beside,
            "stays, replayed: {}: {}",
            handle(finding),
            in_comment(&finding.message)
        )?;
    }
    for finding in &replayed.new {
        writeln!(
            beside,
            "new, replayed: {}: {}",
            handle(finding),
            in_comment(&finding.message)
        )?;
    }
    let wanted = replayed.ended.len() + replayed.stays.len();
    writeln!(
        beside,
        "replayed: {} of {} gone",
        replayed.ended.len(),
        count(wanted, "finding")
    )
}

/// What a trial came to, a line for each part, and a last one for all.
pub fn verdict(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    for row in &verdict.rows {
        let (word, why) = match &row.judgement {
            Judgement::Verified(how) => ("verified", how),
            Judgement::NotVerified(why) => ("not verified", why),
            Judgement::Failed(why) => ("FAILED", why),
        };
        writeln!(
            out,
            "{word:<12}  {}: {}",
            in_comment(&row.what),
            in_comment(why)
        )?;
    }
    let last = if verdict.has_failed() {
        "FAILED"
    } else if verdict.is_verified() {
        "verified"
    } else {
        "not verified"
    };
    writeln!(out, "the whole: {last}")
}
