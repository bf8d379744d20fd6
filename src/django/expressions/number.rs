//! Integers, floats and decimals as constants.

use super::Constant;
use super::constant::unreadable;
use super::decimal::Decimal;
use crate::django::project_state::Field;
use crate::django::python::{Static, Value, ValueKind, float_repr};

pub(super) fn integer(value: &Value) -> Static<Constant> {
    let number = match &value.kind {
        ValueKind::Int(number) => number.to_string(),
        ValueKind::Bool(truth) => i32::from(*truth).to_string(),
        ValueKind::Float(text) => match text.split_once('.') {
            Some((whole, _)) if !text.contains('e') => whole.to_owned(),
            _ => return Err(unreadable(value)),
        },
        ValueKind::Str(text) => text
            .text
            .trim()
            .parse::<i128>()
            .map_err(|_| unreadable(value))?
            .to_string(),
        _ => return Err(unreadable(value)),
    };
    Ok(Constant::Number(number))
}

pub(super) fn float(value: &Value) -> Static<Constant> {
    let number = match &value.kind {
        ValueKind::Float(text) => text.parse().ok(),
        ValueKind::Int(number) => number.to_string().parse().ok(),
        ValueKind::Bool(truth) => Some(f64::from(u8::from(*truth))),
        ValueKind::Str(text) => text.text.trim().parse().ok(),
        _ => match decimal_of_call(value)? {
            Constant::Number(text) => text.parse().ok(),
            _ => None,
        },
    };
    let number: f64 = number.ok_or_else(|| unreadable(value))?;
    let special = match float_repr(number).as_str() {
        "inf" => "Infinity",
        "-inf" => "-Infinity",
        "nan" => "NaN",
        written => return Ok(Constant::Number(written.to_owned())),
    };
    Ok(Constant::Typed {
        text: special.to_owned(),
        cast: "float8",
    })
}

/// `DecimalField.to_python`.
pub(super) fn decimal(value: &Value, field: &Field) -> Static<Constant> {
    if let ValueKind::Float(written) = &value.kind {
        let digits = field.max_digits.clone()?;
        let number = written.parse().ok();
        let decimal = number.and_then(|number| Decimal::of_float(number, digits));
        return of_decimal(decimal, value);
    }
    decimal_of_value(value)
}

/// `decimal.Decimal(...)`.
pub(super) fn decimal_of_call(value: &Value) -> Static<Constant> {
    let call = value.as_call().ok_or_else(|| unreadable(value))?;
    let is_decimal =
        matches!(&call.callee.kind, ValueKind::Name(name) if name.as_str() == "decimal.Decimal");
    if !is_decimal || call.unknown_arguments.is_some() {
        return Err(unreadable(value));
    }
    match call.argument(0, "value") {
        None => Ok(Constant::Number("0".to_owned())),
        Some(argument) => match &argument.kind {
            ValueKind::Float(written) => {
                let number = written.parse().ok();
                of_decimal(
                    number.and_then(|number| Decimal::of_float(number, None)),
                    value,
                )
            }
            ValueKind::Tuple(parts) => of_decimal(of_parts(parts), value),
            _ => decimal_of_value(argument),
        },
    }
}

fn decimal_of_value(value: &Value) -> Static<Constant> {
    let decimal = match &value.kind {
        ValueKind::Int(number) => Decimal::parse(&number.to_string()),
        ValueKind::Bool(truth) => Decimal::parse(if *truth { "1" } else { "0" }),
        ValueKind::Str(text) => Decimal::parse(&text.text),
        _ => return decimal_of_call(value),
    };
    of_decimal(decimal, value)
}

/// `Decimal((sign, digits, exponent))`.
fn of_parts(parts: &[Value]) -> Option<Decimal> {
    let [sign, digits, exponent] = parts else {
        return None;
    };
    let integer = |value: &Value| match value.kind {
        ValueKind::Int(number) => Some(number),
        _ => None,
    };
    let digits = digits
        .items()?
        .iter()
        .map(|digit| u32::try_from(integer(digit)?).ok())
        .map(|digit| digit.and_then(|digit| char::from_digit(digit, 10)))
        .collect::<Option<String>>()?;
    let exponent = i64::try_from(integer(exponent)?).ok()?;
    (exponent.abs() <= 1000).then(|| Decimal::new(integer(sign) == Some(1), &digits, exponent))
}

fn of_decimal(decimal: Option<Decimal>, value: &Value) -> Static<Constant> {
    let decimal = decimal.ok_or_else(|| unreadable(value))?;
    Ok(Constant::Number(decimal.to_string()))
}
