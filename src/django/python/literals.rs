//! Numbers, strings and f-strings, as they are written.

use ruff_python_ast::{
    ExprFString, ExprNumberLiteral, ExprStringLiteral, FStringPart, InterpolatedStringElement,
    InterpolatedStringElements, Number, StringFlags, StringLiteral,
};
use ruff_text_size::Ranged;

use super::evaluate::Evaluator;
use super::format;
use super::frame::Frame;
use super::parse::span_of;
use super::text::{Literal, TextBuilder};
use super::value::ValueKind;
use crate::schema::Why;
use crate::source::{Origin, Span};

impl Evaluator<'_> {
    pub(super) fn f_string(
        &mut self,
        frame: &mut Frame<'_>,
        literal: &ExprFString,
        origin: &Origin,
    ) -> ValueKind {
        let mut text = TextBuilder::default();
        for part in &literal.value {
            let known = match part {
                FStringPart::Literal(literal) => {
                    push_string(frame, literal, &mut text);
                    Ok(())
                }
                FStringPart::FString(string) => {
                    let raw = string.flags.prefix().is_raw();
                    self.elements(frame, (&string.elements, raw), &mut text)
                }
            };
            if let Err(why) = known {
                return ValueKind::Unknown(why);
            }
        }
        ValueKind::Str(text.finish(origin.clone()))
    }

    fn elements(
        &mut self,
        frame: &mut Frame<'_>,
        (elements, raw): (&InterpolatedStringElements, bool),
        text: &mut TextBuilder,
    ) -> Result<(), Why> {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => text.push_literal(&Literal {
                    file: &frame.module.file,
                    inside: span_of(literal.range()),
                    value: &literal.value,
                    raw,
                    braces_doubled: true,
                }),
                InterpolatedStringElement::Interpolation(hole) => {
                    if hole.debug_text.is_some() {
                        return Err(Why::new("`{x=}` in an f-string is not followed"));
                    }
                    let value = self.eval(frame, &hole.expression);
                    let mut spec = TextBuilder::default();
                    if let Some(written) = &hole.format_spec {
                        self.elements(frame, (&written.elements, raw), &mut spec)?;
                    }
                    let origin = frame.module.origin(hole);
                    let spec = spec.finish(origin.clone());
                    let conversion = hole.conversion.to_char();
                    text.push_text(&format::formatted(
                        (&value, conversion),
                        &spec.text,
                        &origin,
                    )?);
                }
            }
        }
        Ok(())
    }
}

pub(super) fn number(frame: &Frame<'_>, literal: &ExprNumberLiteral) -> ValueKind {
    match &literal.value {
        Number::Int(value) => {
            let known = value.as_u64().map(i128::from).or_else(|| {
                let written = frame.module.file.slice(span_of(literal.range()));
                let digits = written.replace('_', "").to_ascii_lowercase();
                match digits.get(..2) {
                    Some("0x") => i128::from_str_radix(digits.get(2..)?, 16).ok(),
                    Some("0o") => i128::from_str_radix(digits.get(2..)?, 8).ok(),
                    Some("0b") => i128::from_str_radix(digits.get(2..)?, 2).ok(),
                    _ => digits.parse().ok(),
                }
            });
            known.map_or_else(
                || ValueKind::Unknown(Why::new("the number has too many digits")),
                ValueKind::Int,
            )
        }
        Number::Float(value) => ValueKind::Float(format::float_repr(*value).into()),
        Number::Complex { .. } => ValueKind::Unknown(Why::new("a complex number")),
    }
}

pub(super) fn string(frame: &Frame<'_>, literal: &ExprStringLiteral, origin: &Origin) -> ValueKind {
    let mut text = TextBuilder::default();
    for part in &literal.value {
        push_string(frame, part, &mut text);
    }
    ValueKind::Str(text.finish(origin.clone()))
}

fn push_string(frame: &Frame<'_>, literal: &StringLiteral, text: &mut TextBuilder) {
    let whole = span_of(literal.range());
    let start = whole.start + literal.flags.opener_len().to_u32();
    let end = whole
        .end
        .saturating_sub(literal.flags.closer_len().to_u32());
    text.push_literal(&Literal {
        file: &frame.module.file,
        inside: Span::new(start, end),
        value: &literal.value,
        raw: literal.flags.prefix().is_raw(),
        braces_doubled: false,
    });
}
