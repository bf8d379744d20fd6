//! The function classes of Django, and what a class of a project sets over them.
//!
//! `django/db/models/functions/`, `django/contrib/postgres/functions.py`, `search.py`, `lookups.py`.

use super::callee::{Callee, of_name};
use super::outcome::{Outcome, Stop};
use crate::django::project_state::FieldKind;
use crate::django::python::{Ancestor, ClassDefinition, Value, ValueKind, ancestry};
use std::sync::Arc;

/// How the type of a call is found.
#[derive(Debug, Clone)]
pub(super) enum Typing {
    /// That of all sources.
    Sources,
    Always(FieldKind),
    /// `NumericOutputFieldMixin`.
    Numeric,
    /// That of the first source.
    First,
    /// As a class of a project says.
    Stated(Value),
}

/// What a parameter is when the call leaves it out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Left {
    Needed,
    Nothing,
    Text(&'static str),
    Number(i64),
}

/// A function class.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the mixins of Django's function classes"
)]
pub(super) struct FunctionClass {
    /// `None`: the call has to say.
    pub function: Option<String>,
    pub template: String,
    pub joiner: String,
    pub typing: Typing,
    /// Parameters by name, where the class has a signature of its own.
    pub parameters: &'static [(&'static str, Left)],
    /// Floats are cast to decimals (`FixDecimalInputMixin`).
    pub fixes_decimals: bool,
    /// The text is Django's for PostgreSQL, whatever a class or a call says (`as_postgresql`).
    pub is_fixed: bool,
    /// A `Transform`: one argument.
    pub is_transform: bool,
    pub is_bilateral: bool,
}

const PLAIN: &str = "%(function)s(%(expressions)s)";

/// `NAME(arguments)` by class, with the type of the result.
const NAMED: &[(&str, &str, Typing)] = &[
    ("Abs", "ABS", Typing::Sources),
    ("ACos", "ACOS", Typing::Numeric),
    ("ASin", "ASIN", Typing::Numeric),
    ("ATan", "ATAN", Typing::Numeric),
    ("ATan2", "ATAN2", Typing::Numeric),
    ("Ceil", "CEILING", Typing::Sources),
    ("Chr", "CHR", Typing::Always(FieldKind::Char)),
    ("Coalesce", "COALESCE", Typing::Sources),
    ("Cos", "COS", Typing::Numeric),
    ("Cot", "COT", Typing::Numeric),
    ("Degrees", "DEGREES", Typing::Numeric),
    ("Exp", "EXP", Typing::Numeric),
    ("Floor", "FLOOR", Typing::Sources),
    ("Greatest", "GREATEST", Typing::Sources),
    ("LTrim", "LTRIM", Typing::Sources),
    ("Least", "LEAST", Typing::Sources),
    ("Length", "LENGTH", Typing::Always(FieldKind::Integer)),
    ("Ln", "LN", Typing::Numeric),
    ("Log", "LOG", Typing::Numeric),
    ("Lower", "LOWER", Typing::Sources),
    ("MD5", "MD5", Typing::Sources),
    ("Mod", "MOD", Typing::Numeric),
    ("NullIf", "NULLIF", Typing::Sources),
    ("Ord", "ASCII", Typing::Always(FieldKind::Integer)),
    ("Pi", "PI", Typing::Numeric),
    ("Power", "POWER", Typing::Numeric),
    ("RTrim", "RTRIM", Typing::Sources),
    ("Radians", "RADIANS", Typing::Numeric),
    ("Random", "RANDOM", Typing::Numeric),
    ("Reverse", "REVERSE", Typing::Sources),
    ("Sign", "SIGN", Typing::Sources),
    ("Sin", "SIN", Typing::Numeric),
    ("Sqrt", "SQRT", Typing::Numeric),
    ("StrIndex", "STRPOS", Typing::Always(FieldKind::Integer)),
    ("Tan", "TAN", Typing::Numeric),
    ("Trim", "TRIM", Typing::Sources),
    ("Upper", "UPPER", Typing::Sources),
    ("Unaccent", "UNACCENT", Typing::Sources),
];

/// Functions of one argument that are transforms.
const NO_TRANSFORMS: &[&str] = &[
    "ATan2", "Coalesce", "Greatest", "Least", "Log", "Mod", "NullIf", "Pi", "Power", "Random",
    "StrIndex",
];

type Parameters = &'static [(&'static str, Left)];

const LEFT: Parameters = &[("expression", Left::Needed), ("length", Left::Needed)];
const PAD: Parameters = &[
    ("expression", Left::Needed),
    ("length", Left::Needed),
    ("fill_text", Left::Text(" ")),
];
const SUBSTR: Parameters = &[
    ("expression", Left::Needed),
    ("pos", Left::Needed),
    ("length", Left::Nothing),
];
const REPEAT: Parameters = &[("expression", Left::Needed), ("number", Left::Needed)];
const REPLACE: Parameters = &[
    ("expression", Left::Needed),
    ("text", Left::Needed),
    ("replacement", Left::Text("")),
];
const ROUND: Parameters = &[("expression", Left::Needed), ("precision", Left::Number(0))];

const WITH_PARAMETERS: &[(&str, &str, Typing, Parameters)] = &[
    ("LPad", "LPAD", Typing::Always(FieldKind::Char), PAD),
    ("Left", "LEFT", Typing::Always(FieldKind::Char), LEFT),
    ("RPad", "RPAD", Typing::Always(FieldKind::Char), PAD),
    ("Repeat", "REPEAT", Typing::Always(FieldKind::Char), REPEAT),
    ("Replace", "REPLACE", Typing::Sources, REPLACE),
    ("Right", "RIGHT", Typing::Always(FieldKind::Char), LEFT),
    ("Round", "ROUND", Typing::First, ROUND),
    (
        "Substr",
        "SUBSTRING",
        Typing::Always(FieldKind::Char),
        SUBSTR,
    ),
];

impl FunctionClass {
    fn of(function: Option<&str>, template: &str, typing: Typing) -> Self {
        Self {
            function: function.map(str::to_owned),
            template: template.to_owned(),
            joiner: ", ".to_owned(),
            typing,
            parameters: &[],
            fixes_decimals: false,
            is_fixed: false,
            is_transform: false,
            is_bilateral: false,
        }
    }

    /// A class of Django by its name; `None`: none whose text is known.
    pub(super) fn named(name: &str) -> Option<Self> {
        if let Some((_, function, typing)) = NAMED.iter().find(|(class, ..)| *class == name) {
            return Some(Self {
                fixes_decimals: matches!(name, "Log" | "Mod"),
                is_fixed: name == "StrIndex",
                is_transform: !NO_TRANSFORMS.contains(&name),
                is_bilateral: name == "Unaccent",
                ..Self::of(Some(function), PLAIN, typing.clone())
            });
        }
        let found = WITH_PARAMETERS.iter().find(|(class, ..)| *class == name);
        if let Some((_, function, typing, parameters)) = found {
            return Some(Self {
                parameters,
                fixes_decimals: name == "Round",
                ..Self::of(Some(function), PLAIN, typing.clone())
            });
        }
        Self::special(name)
    }

    fn special(name: &str) -> Option<Self> {
        let fixed = |template: &str, kind| Self {
            is_fixed: true,
            ..Self::of(None, template, Typing::Always(kind))
        };
        Some(match name {
            "Func" => Self::of(None, PLAIN, Typing::Sources),
            "Transform" => Self {
                is_transform: true,
                ..Self::of(None, PLAIN, Typing::Sources)
            },
            "Now" => fixed("STATEMENT_TIMESTAMP()", FieldKind::DateTime),
            "TransactionNow" => Self::of(
                None,
                "CURRENT_TIMESTAMP",
                Typing::Always(FieldKind::DateTime),
            ),
            "RandomUUID" => Self::of(None, "GEN_RANDOM_UUID()", Typing::Always(FieldKind::Uuid)),
            "SHA1" | "SHA224" | "SHA256" | "SHA384" | "SHA512" => Self {
                is_fixed: true,
                is_transform: true,
                ..Self::of(
                    Some(&name.to_lowercase()),
                    "ENCODE(DIGEST(%(expressions)s, '%(function)s'), 'hex')",
                    Typing::Sources,
                )
            },
            "ExpressionList" => Self::of(None, "%(expressions)s", Typing::Sources),
            _ => return Self::trigram(name),
        })
    }

    /// `django/contrib/postgres/search.py`.
    fn trigram(name: &str) -> Option<Self> {
        let float = |function, joiner: &str| Self {
            joiner: joiner.to_owned(),
            ..Self::of(Some(function), PLAIN, Typing::Always(FieldKind::Float))
        };
        Some(match name {
            "TrigramSimilarity" => float("SIMILARITY", ", "),
            "TrigramDistance" => float("", " <-> "),
            "TrigramWordSimilarity" => float("WORD_SIMILARITY", ", "),
            "TrigramStrictWordSimilarity" => float("STRICT_WORD_SIMILARITY", ", "),
            "TrigramWordDistance" => float("", " <<-> "),
            "TrigramStrictWordDistance" => float("", " <<<-> "),
            _ => return None,
        })
    }

    /// A class of a project, followed to the class of Django that it extends.
    pub(super) fn custom(class: &Arc<ClassDefinition>) -> Outcome<Self> {
        let ancestors = ancestry(class);
        let mut found = None;
        let mut own = Vec::new();
        for ancestor in &ancestors {
            match ancestor {
                Ancestor::Class(class) => own.push(class),
                Ancestor::Unknown(why) => return Err(why.clone().into()),
                Ancestor::Name(name) => {
                    let known = match of_name(name.as_str()) {
                        Callee::Orm(name) | Callee::Postgres(name) => Self::named(name),
                        _ => None,
                    };
                    found = found.or(known);
                }
            }
        }
        let mut found = found.ok_or_else(|| {
            Stop::why(format!(
                "`{}` extends no function that is known",
                class.name
            ))
        })?;
        for class in own.iter().rev() {
            if let Some(why) = &class.unknown_body {
                return Err(why.clone().into());
            }
            found.set_by(class)?;
        }
        Ok(found)
    }

    fn set_by(&mut self, class: &ClassDefinition) -> Outcome<()> {
        for (name, value) in &class.body {
            let unread = || Stop::why(format!("`{name}` of `{}` cannot be read", class.name));
            match (&**name, value.as_str()) {
                ("function" | "template" | "arg_joiner", None) => return Err(unread()),
                ("function", Some(text)) if !self.is_fixed => self.function = Some(text.to_owned()),
                ("template", Some(text)) if !self.is_fixed => text.clone_into(&mut self.template),
                ("arg_joiner", Some(text)) => text.clone_into(&mut self.joiner),
                ("output_field", _) => self.typing = Typing::Stated(value.clone()),
                ("bilateral", _) => match value.kind {
                    ValueKind::Bool(false) => {}
                    _ => return Err(Stop::why("a bilateral transform of a project")),
                },
                _ if matches!(value.kind, ValueKind::Function(_)) && is_decisive(name) => {
                    return Err(Stop::why(format!(
                        "`{}` has its own `{name}`, which is not followed",
                        class.name
                    )));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Methods that can change the SQL or the type of an expression.
fn is_decisive(method: &str) -> bool {
    !matches!(
        method,
        "__repr__"
            | "__str__"
            | "__eq__"
            | "__hash__"
            | "deconstruct"
            | "convert_value"
            | "from_db_value"
            | "get_group_by_cols"
            | "as_sqlite"
            | "as_mysql"
            | "as_oracle"
    )
}
