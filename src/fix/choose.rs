//! Which repair ends which finding. What is sure is taken; where there is a choice a person makes it, by `--choose`.

use std::str::FromStr;

use crate::lint::{Finding, Place, did_you_mean};
use crate::repair::{Repair, Safety, in_comment};

/// The name by which `--choose` leaves a finding as it is.
pub const NONE: &str = "none";

/// What a person chose: an alternative by its name, for one finding or for all that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    of: Of,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Of {
    Every,
    One { rule: String, object: String },
}

/// A choice that cannot be read, or that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    #[error(
        "`{0}` is no choice; write `NAME` for every finding that has such a repair, or `RULE:OBJECT=NAME` for one"
    )]
    Form(String),
    #[error("nothing has the repair `{written}`{suggestion}")]
    NoSuchRepair { written: String, suggestion: String },
    #[error("there is no finding `{written}`{suggestion}")]
    NoSuchFinding { written: String, suggestion: String },
    #[error("`--choose` names two repairs of {finding}: `{one}` and `{other}`; leave one out")]
    Both {
        finding: String,
        one: String,
        other: String,
    },
    #[error("`{name}` of {finding} is done by hand: it cannot be chosen")]
    ByHand { finding: String, name: String },
}

/// A finding, and what is to be done about it.
#[derive(Debug, Clone)]
pub struct Decided<'a> {
    pub finding: &'a Finding,
    pub decision: Decision<'a>,
}

#[derive(Debug, Clone)]
pub enum Decision<'a> {
    /// The one safe repair, or the chosen one.
    Taken(&'a Repair),
    /// Several alternatives, or one that is not safe: a person has to choose.
    Open(Vec<&'a Repair>),
    /// It is known what to do, and no machine can do it.
    ByHand(Vec<&'a Repair>),
    /// Chosen to stay.
    LeftOut,
    NoRepair,
}

impl FromStr for Choice {
    type Err = ChoiceError;

    fn from_str(written: &str) -> Result<Self, ChoiceError> {
        let wrong = || ChoiceError::Form(written.to_owned());
        let choice = match (written.split_once(':'), written.rsplit_once('=')) {
            (None, None) => Self {
                of: Of::Every,
                name: written.to_owned(),
            },
            (Some((rule, rest)), Some((_, name))) => Self {
                of: Of::One {
                    rule: rule.to_owned(),
                    object: rest.rsplit_once('=').ok_or_else(wrong)?.0.to_owned(),
                },
                name: name.to_owned(),
            },
            _ => return Err(wrong()),
        };
        if choice.name.is_empty() || matches!(&choice.of, Of::Every) && choice.name == NONE {
            return Err(wrong());
        }
        Ok(choice)
    }
}

/// What a finding is about, as `--choose` names it: on one line.
pub fn subject(finding: &Finding) -> String {
    let subject = match (&finding.object, &finding.place) {
        (Some(object), _) => object.to_string(),
        (None, Place::Database(object)) => object.to_string(),
        (None, Place::Source(origin)) => format!(
            "{}:{}",
            origin.file.path().display(),
            origin.line_column().line
        ),
    };
    in_comment(&subject)
}

/// `insert-fails:shop_order.channel`: a finding as `--choose` names it.
pub fn handle(finding: &Finding) -> String {
    format!("{}:{}", finding.rule, subject(finding))
}

/// Decides on each finding, in their order.
///
/// # Errors
/// When a choice fits nothing, or two fit one finding.
pub fn decide<'a>(
    findings: &'a [Finding],
    choices: &[Choice],
) -> Result<Vec<Decided<'a>>, ChoiceError> {
    for choice in choices {
        choice.fits_something(findings)?;
    }
    findings
        .iter()
        .map(|finding| {
            Ok(Decided {
                finding,
                decision: decision(finding, choices)?,
            })
        })
        .collect()
}

fn decision<'a>(finding: &'a Finding, choices: &[Choice]) -> Result<Decision<'a>, ChoiceError> {
    match chosen_name(finding, choices)? {
        Some(NONE) => return Ok(Decision::LeftOut),
        Some(name) => {
            let named = finding.repairs.iter().find(|repair| repair.name == name);
            return match named {
                Some(repair) if repair.safety == Safety::DisplayOnly => Err(ChoiceError::ByHand {
                    finding: handle(finding),
                    name: name.to_owned(),
                }),
                Some(repair) => Ok(Decision::Taken(repair)),
                None => Ok(Decision::NoRepair),
            };
        }
        None => {}
    }
    let (by_hand, alternatives): (Vec<&Repair>, Vec<&Repair>) = finding
        .repairs
        .iter()
        .partition(|repair| repair.safety == Safety::DisplayOnly);
    Ok(match alternatives.as_slice() {
        [] if by_hand.is_empty() => Decision::NoRepair,
        [] => Decision::ByHand(by_hand),
        [only] if only.safety == Safety::Safe => Decision::Taken(only),
        _ => Decision::Open(alternatives),
    })
}

/// The repair that the choices name for a finding: the one for this finding, else the first of those for all that it
/// has.
fn chosen_name<'a>(
    finding: &Finding,
    choices: &'a [Choice],
) -> Result<Option<&'a str>, ChoiceError> {
    let mut own = choices.iter().filter(|choice| choice.is_for(finding));
    let Some(first) = own.next() else {
        let general = choices
            .iter()
            .find(|choice| choice.of == Of::Every && choice.is_of(finding));
        return Ok(general.map(|choice| choice.name.as_str()));
    };
    match own.find(|other| other.name != first.name) {
        None => Ok(Some(&first.name)),
        Some(other) => Err(ChoiceError::Both {
            finding: handle(finding),
            one: first.name.clone(),
            other: other.name.clone(),
        }),
    }
}

impl Choice {
    fn is_for(&self, finding: &Finding) -> bool {
        match &self.of {
            Of::Every => false,
            Of::One { rule, object } => {
                rule == finding.rule.as_str()
                    && (in_comment(object) == subject(finding) || *object == subject(finding))
            }
        }
    }

    /// Whether the finding has a repair of this name.
    fn is_of(&self, finding: &Finding) -> bool {
        let repairs = finding.repairs.iter();
        repairs
            .filter(|repair| repair.safety != Safety::DisplayOnly)
            .any(|repair| repair.name == self.name)
    }

    /// A slip must not read as "there is nothing to do".
    fn fits_something(&self, findings: &[Finding]) -> Result<(), ChoiceError> {
        let all = || findings.iter().flat_map(|finding| &finding.repairs);
        let no_such_repair = |known: Vec<&str>| ChoiceError::NoSuchRepair {
            written: self.name.clone(),
            suggestion: did_you_mean(&self.name, known),
        };
        let Of::One { rule, object } = &self.of else {
            return if findings.iter().any(|finding| self.is_of(finding)) {
                Ok(())
            } else {
                Err(no_such_repair(all().map(|repair| repair.name).collect()))
            };
        };
        let meant: Vec<&Finding> = findings
            .iter()
            .filter(|finding| self.is_for(finding))
            .collect();
        if meant.is_empty() {
            let written = in_comment(&format!("{rule}:{object}"));
            let known: Vec<String> = findings.iter().map(handle).collect();
            return Err(ChoiceError::NoSuchFinding {
                suggestion: did_you_mean(&written, known.iter().map(String::as_str)),
                written,
            });
        }
        let known = |finding: &&Finding| {
            finding
                .repairs
                .iter()
                .any(|repair| repair.name == self.name)
        };
        if self.name == NONE || meant.iter().any(known) {
            return Ok(());
        }
        let own = meant.iter().flat_map(|finding| &finding.repairs);
        Err(no_such_repair(own.map(|repair| repair.name).collect()))
    }
}

/// The repairs that were taken, in the order of their findings.
pub fn taken<'a>(decided: &[Decided<'a>]) -> Vec<&'a Repair> {
    decided
        .iter()
        .filter_map(|one| match one.decision {
            Decision::Taken(repair) => Some(repair),
            Decision::Open(_) | Decision::ByHand(_) | Decision::LeftOut | Decision::NoRepair => {
                None
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
