//! Decimals as Python writes them: `Decimal.__str__` and `Context.create_decimal_from_float` of the `decimal` module.

use std::fmt;

/// The digits of the longest number that is taken: more makes no default of a column.
const MOST_DIGITS: usize = 2000;

/// A finite decimal: `digits` times ten to the power of `exponent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    is_negative: bool,
    /// Without leading zeros, but for a single one.
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// What `Decimal("1.50")` reads; special values are none here.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().replace('_', "");
        let (is_negative, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, text.strip_prefix('+').unwrap_or(&text)),
        };
        let (number, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i64>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{fraction}");
        let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_digit());
        if !is_number || digits.len() > MOST_DIGITS || exponent.abs() > 1000 {
            return None;
        }
        Some(Self::new(
            is_negative,
            &digits,
            exponent - i64::try_from(fraction.len()).ok()?,
        ))
    }

    pub(super) fn new(is_negative: bool, digits: &str, exponent: i64) -> Self {
        let kept = digits.trim_start_matches('0');
        Self {
            is_negative,
            digits: if kept.is_empty() { "0" } else { kept }.to_owned(),
            exponent,
        }
    }

    /// The exact value of a float, rounded half to even to a number of significant digits.
    pub(super) fn of_float(number: f64, digits: Option<u32>) -> Option<Self> {
        if !number.is_finite() {
            return None;
        }
        // A double has at most 1074 digits after the point.
        let exact = format!("{number:.1074}");
        let exact = exact.trim_end_matches('0').trim_end_matches('.');
        let exact = Self::parse(exact)?;
        let Some(digits) = digits.and_then(|digits| usize::try_from(digits).ok()) else {
            return Some(exact);
        };
        if exact.digits.len() <= digits || digits == 0 {
            return Some(exact);
        }
        let scientific = format!("{:.*e}", digits - 1, number.abs());
        let (mantissa, exponent) = scientific.split_once('e')?;
        let exponent = exponent.parse::<i64>().ok()? - i64::try_from(digits).ok()? + 1;
        Some(Self::new(
            number.is_sign_negative(),
            &mantissa.replace('.', ""),
            exponent,
        ))
    }
}

impl fmt::Display for Decimal {
    /// `to-scientific-string`: an exponent where the point would stand far away.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        let left = self.exponent.saturating_add(length);
        let point = if self.exponent <= 0 && left > -6 {
            left
        } else {
            1
        };
        if self.is_negative {
            formatter.write_str("-")?;
        }
        let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
        if point <= 0 {
            write!(formatter, "0.{}{}", zeros(-point), self.digits)?;
        } else if point >= length {
            write!(formatter, "{}{}", self.digits, zeros(point - length))?;
        } else {
            let place = usize::try_from(point).unwrap_or(0);
            let (whole, fraction) = self.digits.split_at_checked(place).unwrap_or_default();
            write!(formatter, "{whole}.{fraction}")?;
        }
        if left == point {
            Ok(())
        } else {
            write!(formatter, "E{:+}", left - point)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn a_decimal_is_written_as_python_writes_it() {
        // Each from `str(decimal.Decimal(text))` of CPython 3.12.
        let pairs = [
            ("0.00", "0.00"),
            ("1E+2", "1E+2"),
            ("1e-7", "1E-7"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1E-7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("-0", "-0"),
            ("1_000.50", "1000.50"),
            ("12E3", "1.2E+4"),
            ("123.456e1", "1234.56"),
        ];
        for (text, written) in pairs {
            assert_eq!(Decimal::parse(text).unwrap().to_string(), written, "{text}");
        }
    }

    #[test]
    fn a_float_is_taken_exactly_and_rounded() {
        let of = |number, digits| Decimal::of_float(number, Some(digits)).unwrap().to_string();
        assert_eq!(of(0.1, 8), "0.10000000");
        assert_eq!(of(2.675, 30), "2.67499999999999982236431605997");
        assert_eq!(of(1.25, 8), "1.25");
        assert_eq!(of(1e3, 8), "1000");
        assert_eq!(of(1e10, 8), "1.0000000E+10");
        assert_eq!(of(-0.5, 8), "-0.5");
    }
}
