//! Time zones: of the settings, and given to a function.

use std::sync::Arc;

use super::Constant;
use super::compiler::Compiler;
use super::outcome::{Outcome, Stop};
use crate::django::project_state::StateSettings;
use crate::django::python::{Static, Value, ValueKind};
use crate::schema::Why;

/// The zone in which a moment is looked at.
pub(super) enum Zone {
    /// `USE_TZ` is off.
    Naive,
    Named(Arc<str>),
}

pub(super) fn is_utc(name: &str) -> bool {
    matches!(
        name.strip_prefix("Etc/").unwrap_or(name),
        "UTC" | "UCT" | "GMT" | "Greenwich" | "Universal" | "Zulu"
    )
}

/// The offset of a zone of the tz database that never had another: `Etc/GMT+5` is `-05:00`. All others would take the
/// database to tell.
pub(super) fn offset_of_zone(name: &str) -> Option<String> {
    if is_utc(name) {
        return Some("+00:00".to_owned());
    }
    let hours = name.strip_prefix("Etc/GMT")?;
    let (sign, digits) = hours.split_at_checked(1)?;
    let hours = digits.parse::<u8>().ok().filter(|hours| *hours <= 14)?;
    // The names have the sign of POSIX.
    let sign = match sign {
        _ if hours == 0 => '+',
        "+" => '-',
        "-" => '+',
        _ => return None,
    };
    (digits == hours.to_string()).then(|| format!("{sign}{hours:02}:00"))
}

/// A moment as Python prints it, in two parts.
pub(super) struct MomentText {
    /// `2024-01-31 12:30:00`.
    pub(super) clock: String,
    /// `+02:00`; `None` without a zone.
    pub(super) offset: Option<String>,
}

impl MomentText {
    pub(super) fn naive(clock: String) -> Self {
        Self {
            clock,
            offset: None,
        }
    }

    pub(super) fn constant(self) -> Constant {
        match self.offset {
            Some(offset) => Constant::Typed {
                text: format!("{}{offset}", self.clock),
                cast: AWARE,
            },
            None => Constant::Typed {
                text: self.clock,
                cast: NAIVE,
            },
        }
    }
}

/// The types that psycopg 3 writes moments with.
const AWARE: &str = "timestamptz";
const NAIVE: &str = "timestamp";

/// The moments of a field's value, given the zone of the settings where they have none
/// (`DateTimeField.get_prep_value`, `django/db/models/fields/__init__.py`).
pub(super) fn in_current_zone(
    constant: Constant,
    zone: &Static<Option<Arc<str>>>,
) -> Static<Constant> {
    match constant {
        Constant::Typed { text, cast: NAIVE } => {
            let Some(name) = zone.as_ref().map_err(Clone::clone)? else {
                return Ok(Constant::Typed { text, cast: NAIVE });
            };
            let offset = offset_of_zone(name)
                .ok_or_else(|| Why::new(format!("the offset of `{name}` at a moment")))?;
            Ok(Constant::Typed {
                text: format!("{text}{offset}"),
                cast: AWARE,
            })
        }
        Constant::Array { items, cast } => {
            let items = items
                .into_iter()
                .map(|item| in_current_zone(item, zone))
                .collect::<Static<Vec<_>>>()?;
            let cast = cast.map(|cast| moment_cast(cast, &items));
            Ok(Constant::Array { items, cast })
        }
        constant => Ok(constant),
    }
}

/// psycopg takes the type of an array from its items.
fn moment_cast(cast: &'static str, items: &[Constant]) -> &'static str {
    if cast != AWARE && cast != NAIVE {
        return cast;
    }
    let of_item = items.iter().find_map(|item| match item {
        Constant::Typed { cast, .. } => Some(*cast),
        Constant::Array { cast, .. } => *cast,
        _ => None,
    });
    of_item.unwrap_or(cast)
}

impl Compiler<'_> {
    pub(super) fn settings(&self) -> &StateSettings {
        self.scope.state.settings()
    }

    /// The current time zone: `TIME_ZONE`.
    pub(super) fn zone(&self) -> Outcome<Zone> {
        let zone = self.scope.state.settings().time_zone.clone()?;
        Ok(zone.map_or(Zone::Naive, Zone::Named))
    }

    /// `get_tzname` (`django/db/models/functions/datetime.py`), with the sign as PostgreSQL wants it
    /// (`_prepare_tzname_delta`).
    pub(super) fn zone_of(&self, given: Option<&Value>) -> Outcome<Zone> {
        let current = self.zone()?;
        let (Some(given), Zone::Named(_)) = (given.filter(|zone| !zone.is_none()), &current) else {
            return Ok(current);
        };
        let unreadable = || Stop::why("a time zone that cannot be read");
        match &given.kind {
            ValueKind::Name(name) => match name.as_str() {
                "datetime.timezone.utc"
                | "datetime.UTC"
                | "pytz.utc"
                | "pytz.UTC"
                | "django.utils.timezone.utc" => Ok(Zone::Named("UTC".into())),
                _ => Err(unreadable()),
            },
            ValueKind::Call(call) => {
                let ValueKind::Name(name) = &call.callee.kind else {
                    return Err(unreadable());
                };
                let key = call.argument(0, "key").and_then(Value::as_str);
                match (name.as_str(), key) {
                    (
                        "zoneinfo.ZoneInfo" | "backports.zoneinfo.ZoneInfo" | "pytz.timezone",
                        Some(key),
                    ) if !key.contains(['+', '-']) => Ok(Zone::Named(key.into())),
                    _ => Err(unreadable()),
                }
            }
            _ => Err(unreadable()),
        }
    }
}
