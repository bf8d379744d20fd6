//! Time zones: of the settings, and given to a function.

use std::sync::Arc;

use super::compiler::Compiler;
use super::outcome::{Outcome, Stop};
use crate::django::python::{Value, ValueKind};

/// The zone in which a moment is looked at.
pub(super) enum Zone {
    /// `USE_TZ` is off.
    Naive,
    Named(Arc<str>),
}

pub(super) fn is_utc(name: &str) -> bool {
    matches!(name, "UTC" | "Etc/UTC" | "Zulu" | "Etc/Zulu" | "Universal")
}

impl Compiler<'_> {
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
