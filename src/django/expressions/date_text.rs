//! Dates and times written as texts: `django/utils/dateparse.py`.

use super::zone::MomentText;

/// A moment as Python prints it: `2024-01-31 12:30:00+00:00`.
pub(super) fn parse_datetime(text: &str) -> Option<MomentText> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    if !is_date(date) {
        return None;
    }
    if rest.is_empty() {
        return Some(MomentText::naive(format!("{date} 00:00:00")));
    }
    let rest = rest.strip_prefix(['T', ' '])?;
    let zone_at = rest.find(['+', '-', 'Z']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at_checked(zone_at)?;
    Some(MomentText {
        clock: format!("{date} {}", parse_time(clock.trim_end())?),
        offset: if zone.is_empty() {
            None
        } else {
            Some(offset(zone)?)
        },
    })
}

/// A time of day as Python prints it.
pub(super) fn parse_time(text: &str) -> Option<String> {
    let (clock, fraction) = match text.trim().split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, fraction),
        None => (text.trim(), ""),
    };
    let parts = clock
        .split(':')
        .map(two_digits)
        .collect::<Option<Vec<_>>>()?;
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] if fraction.is_empty() => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let is_fraction =
        fraction.len() <= 6 && fraction.chars().all(|character| character.is_ascii_digit());
    if !is_fraction {
        return None;
    }
    let fraction = if fraction.trim_matches('0').is_empty() {
        String::new()
    } else {
        format!(".{fraction:0<6}")
    };
    Some(format!("{hour:02}:{minute:02}:{second:02}{fraction}"))
}

/// Whether a text is a date of the form that `parse_date` reads, with all its digits.
pub(super) fn is_date(text: &str) -> bool {
    let parts = text.split('-').collect::<Vec<_>>();
    let digits = |part: &str, length| {
        part.len() == length && part.chars().all(|character| character.is_ascii_digit())
    };
    matches!(parts.as_slice(), [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2))
}

fn two_digits(part: &str) -> Option<u32> {
    let is_number = matches!(part.len(), 1 | 2) && part.chars().all(|digit| digit.is_ascii_digit());
    is_number.then(|| part.parse().ok()).flatten()
}

fn offset(zone: &str) -> Option<String> {
    if zone == "Z" {
        return Some("+00:00".to_owned());
    }
    let (sign, digits) = zone.split_at_checked(1)?;
    let digits = digits.replace(':', "");
    let (hours, minutes) = match digits.len() {
        2 => (&*digits, "00"),
        4 => digits.split_at_checked(2)?,
        _ => return None,
    };
    two_digits(hours)?;
    two_digits(minutes)?;
    let sign = if hours == "00" && minutes == "00" {
        "+"
    } else {
        sign
    };
    Some(format!("{sign}{hours}:{minutes}"))
}
