//! Decimals as Python prints them.

use super::Constant;

/// `str(Decimal(text))`: the digits as they stand, with an exponent where Python writes one.
pub(super) fn python_decimal(text: &str) -> Option<String> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (number, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}").replace('_', "");
    let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_digit());
    if !is_number || digits.len() > 200 || exponent.abs() > 10_000 {
        return None;
    }
    let digits = match digits.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let count = i32::try_from(digits.len()).ok()?;
    let exponent = exponent - i32::try_from(fraction.replace('_', "").len()).ok()?;
    let point = exponent + count;
    if exponent <= 0 && point > -6 {
        let places = usize::try_from(-exponent).ok()?;
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        let dot = if fraction.is_empty() { "" } else { "." };
        return Some(format!("{sign}{whole}{dot}{fraction}"));
    }
    let (first, rest) = digits.split_at(1);
    let dot = if rest.is_empty() { "" } else { "." };
    Some(format!("{sign}{first}{dot}{rest}E{:+}", point - 1))
}

/// `Context(prec=max_digits).create_decimal_from_float`: the exact binary value, rounded to that many
/// significant digits.
pub(super) fn decimal_of_float(written: &str, digits: u32) -> Option<Constant> {
    let number = written
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())?;
    let digits = usize::try_from(digits).ok()?.clamp(1, 40);
    // Exact values that need fewer digits are not padded.
    let exact = format!("{number}");
    let significant = exact
        .chars()
        .filter(char::is_ascii_digit)
        .skip_while(|digit| *digit == '0')
        .count();
    let is_exact = format!("{number:.60}")
        .trim_end_matches('0')
        .trim_end_matches('.')
        == exact;
    if is_exact && significant <= digits {
        return Some(Constant::Number(exact));
    }
    python_decimal(&format!("{number:.*e}", digits - 1)).map(Constant::Number)
}
