//! Calls of functions: `Func.as_sql` (`django/db/models/expressions.py`), and the few with a form of their own.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::compiler::Compiler;
use super::expr::{Expr, Form, Output};
use super::function_class::{FunctionClass, Left, Typing};
use super::literal::quote_name;
use super::outcome::{Outcome, Stop};
use super::output::{is_text, numeric, of_sources};
use super::template::fill;
use crate::django::project_state::{Field, FieldDetail, FieldKind};
use crate::django::python::{Call, ClassDefinition, Value, ValueKind};

impl Compiler<'_> {
    /// The call of a function class of Django.
    pub(super) fn function_call(&self, name: &str, call: &Call, value: &Value) -> Outcome<Expr> {
        if let Some(expr) = self.date_function(name, call)? {
            return Ok(expr);
        }
        match name {
            "Cast" => self.cast_call(call),
            "Collate" => self.collate(call),
            "Concat" | "ConcatPair" => self.concat(call, value),
            "RangeBoundary" => range_boundary(call),
            "TrigramSimilarity" | "TrigramDistance" => self.trigram(1, name, (call, value)),
            "TrigramWordSimilarity"
            | "TrigramStrictWordSimilarity"
            | "TrigramWordDistance"
            | "TrigramStrictWordDistance" => self.trigram(0, name, (call, value)),
            _ => {
                let mut class = FunctionClass::named(name)
                    .ok_or_else(|| Stop::why(format!("the function `{name}`")))?;
                if name == "Chr" && !self.scope.version.chr_is_text() {
                    class.typing = Typing::Sources;
                }
                let sources = self.sources(&class, call, value)?;
                self.function((&class, call), sources, value)
            }
        }
    }

    /// The call of a function class of the project.
    pub(super) fn custom_function(
        &self,
        class: &Arc<ClassDefinition>,
        call: &Call,
        value: &Value,
    ) -> Outcome<Expr> {
        let class = FunctionClass::custom(class)?;
        let sources = self.sources(&class, call, value)?;
        self.function((&class, call), sources, value)
    }

    /// The arguments as expressions, in the order of the signature.
    fn sources(
        &self,
        class: &FunctionClass,
        call: &Call,
        value: &Value,
    ) -> Outcome<Vec<Outcome<Expr>>> {
        if class.parameters.is_empty() {
            if class.is_transform && call.arguments.len() != 1 {
                return Err(Stop::why("a transform of other than one argument"));
            }
            return Ok(call
                .arguments
                .iter()
                .map(|argument| self.argument(argument))
                .collect());
        }
        let mut sources = Vec::new();
        for (position, (name, left)) in class.parameters.iter().enumerate() {
            let given = call.argument(position, name);
            sources.push(match (given, left) {
                (Some(given), Left::Nothing) if given.is_none() => continue,
                (Some(given), _) => self.argument(given),
                (None, Left::Needed) => {
                    return Err(Stop::why(format!("a function without its `{name}`")));
                }
                (None, Left::Nothing) => continue,
                (None, Left::Text(text)) => Ok(Self::text_value(text, value)),
                (None, Left::Number(number)) => Ok(Self::number_value(*number, value)),
            });
        }
        Ok(sources)
    }

    /// `Func.as_sql`.
    fn function(
        &self,
        (class, call): (&FunctionClass, &Call),
        sources: Vec<Outcome<Expr>>,
        value: &Value,
    ) -> Outcome<Expr> {
        let sources = sources
            .into_iter()
            .map(|source| match source {
                Err(Stop::Full) => Ok(Self::truth_value(value)),
                other => other,
            })
            .collect::<Outcome<Vec<_>>>()?;
        let extra = extra(class, call)?;
        let (output, is_typed_early) = self.output(class, call, (&sources, value))?;
        let mut whole = Expr::text("", output);
        whole.is_typed_early = is_typed_early;
        let parts = parts(&mut whole, sources, class.fixes_decimals)?;
        let said = |name: &str| {
            if class.is_fixed {
                None
            } else {
                extra.get(name)
            }
        };
        let joiner = extra.get("arg_joiner").unwrap_or(&class.joiner);
        let expressions = parts.join(joiner);
        let template = said("template").unwrap_or(&class.template);
        let function = said("function").or(class.function.as_ref());
        whole.sql = fill(template, |name| match name {
            "expressions" | "field" => Some(Cow::Borrowed(expressions.as_str())),
            "function" => Some(match function {
                Some(function) => Cow::Borrowed(function.as_str()),
                None => Cow::Borrowed("None"),
            }),
            other => extra.get(other).map(|text| Cow::Borrowed(text.as_str())),
        })?;
        let form = match (&class.function, class.is_bilateral) {
            (Some(_), true) => Form::Bilateral {
                function: "UNACCENT",
            },
            _ => Form::Other,
        };
        Ok(whole.with_form(form))
    }

    fn output(
        &self,
        class: &FunctionClass,
        call: &Call,
        (sources, value): (&[Expr], &Value),
    ) -> Outcome<(Output, bool)> {
        if let Some(field) = call
            .keyword("output_field")
            .filter(|field| !field.is_none())
        {
            return Ok((Output::Known(self.field(field)?), true));
        }
        let from_sources = sources.iter().all(|source| source.is_typed_early);
        Ok(match &class.typing {
            Typing::Sources => (of_sources(sources)?, from_sources),
            Typing::Always(kind) => (Output::of(*kind, &value.origin), true),
            Typing::Numeric => (numeric(sources, &value.origin)?, from_sources),
            Typing::First => {
                let first = sources.first().map(|first| first.output.clone());
                (first.unwrap_or(Output::None), from_sources)
            }
            Typing::Stated(field) => (Output::Known(self.field(field)?), true),
        })
    }

    /// `Cast.as_postgresql`.
    pub(super) fn cast(&self, inner: Expr, field: &Arc<Field>) -> Outcome<Expr> {
        let data_type = self.cast_type(field)?;
        let mut cast = inner.rewritten(|sql| format!("({sql})::{data_type}"));
        cast.is_typed_early = true;
        Ok(cast
            .with_output(Output::Known(Arc::clone(field)))
            .with_form(Form::Cast))
    }

    fn cast_call(&self, call: &Call) -> Outcome<Expr> {
        let (Some(inner), Some(field)) = (
            call.argument(0, "expression"),
            call.argument(1, "output_field"),
        ) else {
            return Err(Stop::why("a Cast that cannot be read"));
        };
        let field = self.field(field)?;
        self.cast(self.argument(inner)?, &field)
    }

    /// `cast_db_type`: the type, but for automatic keys that of the number (`cast_data_types`).
    pub(super) fn cast_type(&self, field: &Field) -> Outcome<String> {
        if let FieldDetail::Array { base, size } = &field.detail {
            let size = size.clone()?.filter(|size| *size > 0);
            let size = size.map_or_else(String::new, |size| size.to_string());
            return Ok(format!("{}[{size}]", self.cast_type(&*base.clone()?)?));
        }
        let fixed = match field.kind.clone()? {
            FieldKind::Auto => Some("integer"),
            FieldKind::BigAuto => Some("bigint"),
            FieldKind::SmallAuto => Some("smallint"),
            FieldKind::Decimal if field.max_digits == Ok(None) => Some("numeric(None, None)"),
            _ => None,
        };
        if let Some(fixed) = fixed {
            return Ok(fixed.to_owned());
        }
        let data_type = self
            .columns()
            .db_type(field)?
            .ok_or_else(|| Stop::why("a Cast to a field without a column"))?;
        Ok(data_type.to_string())
    }

    fn collate(&self, call: &Call) -> Outcome<Expr> {
        let inner = call
            .argument(0, "expression")
            .ok_or_else(|| Stop::why("a Collate of nothing"))?;
        let collation = call
            .argument(1, "collation")
            .and_then(Value::as_str)
            .ok_or_else(|| Stop::why("a collation that cannot be read"))?;
        let inner = self.argument(inner)?;
        let output = inner.output.clone();
        Ok(inner
            .rewritten(|sql| format!("{sql} COLLATE {}", quote_name(collation)))
            .with_output(output))
    }

    /// `Concat`: pairs in pairs (`ConcatPair`).
    fn concat(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        let stated = match call.keyword("output_field") {
            Some(field) if !field.is_none() => Some(self.field(field)?),
            _ => None,
        };
        let mut parts = call
            .arguments
            .iter()
            .map(|argument| self.argument(argument))
            .collect::<Outcome<Vec<_>>>()?;
        let (Some(mut last), true) = (parts.pop(), !parts.is_empty()) else {
            return Err(Stop::why("a Concat of less than two"));
        };
        while let Some(part) = parts.pop() {
            last = self.concat_pair((part, last), stated.as_ref(), value)?;
        }
        Ok(last)
    }

    fn concat_pair(
        &self,
        (one, two): (Expr, Expr),
        stated: Option<&Arc<Field>>,
        value: &Value,
    ) -> Outcome<Expr> {
        let pair = [one, two];
        let is_typed_early = stated.is_some() || pair.iter().all(|part| part.is_typed_early);
        let output = match stated {
            Some(field) => Output::Known(Arc::clone(field)),
            None => of_sources(&pair)?,
        };
        let pipes = self.scope.version.concatenates_by_pipes();
        let mut whole = Expr::text("", output);
        whole.is_typed_early = is_typed_early;
        let mut parts = Vec::new();
        for part in pair {
            let is_cast = !pipes || !is_text(part.output.kind()?);
            let text = whole.take(part);
            let text = if is_cast {
                format!("({text})::text")
            } else {
                text
            };
            parts.push(if pipes {
                let empty = whole.take(Self::text_value("", value));
                format!("COALESCE({text}, {empty})")
            } else {
                text
            });
        }
        whole.sql = if pipes {
            format!("({})", parts.join(" || "))
        } else {
            format!("CONCAT({})", parts.join(", "))
        };
        Ok(whole)
    }

    /// The text that is compared is a `Value`, not a name (`TrigramBase`).
    fn trigram(&self, at: usize, name: &str, (call, value): (&Call, &Value)) -> Outcome<Expr> {
        let class = FunctionClass::named(name)
            .ok_or_else(|| Stop::why(format!("the function `{name}`")))?;
        let names = if at == 0 {
            ["string", "expression"]
        } else {
            ["expression", "string"]
        };
        let mut sources = Vec::new();
        for (position, parameter) in names.into_iter().enumerate() {
            let given = call
                .argument(position, parameter)
                .ok_or_else(|| Stop::why(format!("`{name}` without its `{parameter}`")))?;
            let is_constant = parameter == "string" && !super::expression::is_expression(given);
            sources.push(if is_constant {
                self.value(given, None)
            } else {
                self.argument(given)
            });
        }
        self.function((&class, call), sources, value)
    }
}

/// The texts of the arguments; floats are cast where the function takes none.
fn parts(whole: &mut Expr, sources: Vec<Expr>, fixes_decimals: bool) -> Outcome<Vec<String>> {
    let mut parts = Vec::new();
    for source in sources {
        let is_float = fixes_decimals && source.output.kind_or_none()? == Some(FieldKind::Float);
        let part = whole.take(source);
        parts.push(if is_float {
            format!("({part})::numeric(1000, 15)")
        } else {
            part
        });
    }
    Ok(parts)
}

/// Keywords of a call that go into the template.
fn extra(class: &FunctionClass, call: &Call) -> Outcome<BTreeMap<String, String>> {
    let mut extra = BTreeMap::new();
    for (name, value) in &call.keywords {
        let is_parameter = class.parameters.iter().any(|(known, _)| **known == **name);
        if is_parameter || matches!(&**name, "output_field" | "expression" | "string") {
            continue;
        }
        let text = match &value.kind {
            ValueKind::Str(text) => text.text.to_string(),
            ValueKind::Int(number) => number.to_string(),
            ValueKind::None if matches!(&**name, "function" | "template" | "arg_joiner") => {
                continue;
            }
            _ => return Err(Stop::why(format!("`{name}` of a function cannot be read"))),
        };
        extra.insert(name.to_string(), text);
    }
    Ok(extra)
}

/// `RangeBoundary(inclusive_lower=True, inclusive_upper=False)` (`django/contrib/postgres/fields/ranges.py`).
fn range_boundary(call: &Call) -> Outcome<Expr> {
    let flag = |position, name: &str, default| match call.argument(position, name) {
        None => Ok(default),
        Some(value) => match value.kind {
            ValueKind::Bool(flag) => Ok(flag),
            _ => Err(Stop::why("a boundary that cannot be read")),
        },
    };
    let lower = if flag(0, "inclusive_lower", true)? {
        '['
    } else {
        '('
    };
    let upper = if flag(1, "inclusive_upper", false)? {
        ']'
    } else {
        ')'
    };
    Ok(Expr::text(format!("'{lower}{upper}'"), Output::None))
}
