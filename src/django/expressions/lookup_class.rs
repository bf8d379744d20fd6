//! Which lookup a name means on an expression: the lookups that Django registers, 4.2 to 6.0.
//!
//! `register_lookup` in `django/db/models/lookups.py`, `fields/json.py`, and `django/contrib/postgres`.

use super::compiler::Compiler;
use super::expr::{Expr, Form};
use super::outcome::Outcome;
use super::output::{is_date, is_integer, is_range, is_text};
use crate::django::project_state::FieldKind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Exact,
    IExact,
    Gt,
    Gte,
    Lt,
    Lte,
    In,
    Range,
    IsNull,
    Contains,
    IContains,
    StartsWith,
    IStartsWith,
    EndsWith,
    IEndsWith,
    Regex,
    IRegex,
    /// An operator of PostgreSQL.
    Postgres(&'static str),
    /// `@@` of full text search.
    Search,
}

/// What an operator of PostgreSQL does to its right side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Preparation {
    /// As the field of the left side converts it.
    Field,
    /// As it is given.
    None,
    /// Each item as a text.
    Texts,
    /// Cast to the bound of the range, but for a range.
    RangeBound,
    /// The same for dates.
    DateRangeBound,
    /// Of a column of plain values, cast to a range.
    ToRange,
}

/// A lookup class of Django.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the mixins of Django's lookup classes"
)]
pub(super) struct LookupClass {
    pub operator: Operator,
    pub preparation: Preparation,
    /// `IntegerFieldOverflow`, and rounding of floats.
    pub is_integer: bool,
    /// `YearLookup`.
    pub is_year: bool,
    /// `JSONExact`: None is a value.
    pub is_json: bool,
    /// A text lookup on a key of JSON.
    pub is_key_text: bool,
    /// `ArrayRHSMixin`.
    pub is_array: bool,
}

impl Operator {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "exact" => Self::Exact,
            "iexact" => Self::IExact,
            "gt" => Self::Gt,
            "gte" => Self::Gte,
            "lt" => Self::Lt,
            "lte" => Self::Lte,
            "in" => Self::In,
            "range" => Self::Range,
            "isnull" => Self::IsNull,
            "contains" => Self::Contains,
            "icontains" => Self::IContains,
            "startswith" => Self::StartsWith,
            "istartswith" => Self::IStartsWith,
            "endswith" => Self::EndsWith,
            "iendswith" => Self::IEndsWith,
            "regex" => Self::Regex,
            "iregex" => Self::IRegex,
            _ => return None,
        })
    }

    pub(super) fn is_pattern(self) -> bool {
        matches!(
            self,
            Self::Contains
                | Self::IContains
                | Self::StartsWith
                | Self::IStartsWith
                | Self::EndsWith
                | Self::IEndsWith
        )
    }

    /// The left side is cast to text.
    pub(super) fn is_textual(self) -> bool {
        self.is_pattern() || matches!(self, Self::IExact | Self::Regex | Self::IRegex)
    }

    pub(super) fn ignores_case(self) -> bool {
        matches!(
            self,
            Self::IExact | Self::IContains | Self::IStartsWith | Self::IEndsWith
        )
    }
}

impl LookupClass {
    pub(super) fn plain(operator: Operator) -> Self {
        Self {
            operator,
            preparation: Preparation::Field,
            is_integer: false,
            is_year: false,
            is_json: false,
            is_key_text: false,
            is_array: false,
        }
    }

    fn postgres(operator: &'static str, preparation: Preparation) -> Self {
        Self {
            preparation,
            ..Self::plain(Operator::Postgres(operator))
        }
    }

    /// A lookup by the name of its class.
    pub(super) fn named(class: &str) -> Option<Self> {
        let name = match class {
            "Exact" => "exact",
            "IExact" => "iexact",
            "GreaterThan" => "gt",
            "GreaterThanOrEqual" => "gte",
            "LessThan" => "lt",
            "LessThanOrEqual" => "lte",
            "In" => "in",
            "Range" => "range",
            "IsNull" => "isnull",
            "Contains" => "contains",
            "IContains" => "icontains",
            "StartsWith" => "startswith",
            "IStartsWith" => "istartswith",
            "EndsWith" => "endswith",
            "IEndsWith" => "iendswith",
            "Regex" => "regex",
            "IRegex" => "iregex",
            _ => return None,
        };
        Operator::named(name).map(Self::plain)
    }

    /// Of a foreign key: the lookups of every field.
    pub(super) fn of_relation(name: &str) -> Option<Self> {
        Operator::named(name).map(Self::plain)
    }

    /// `can_use_none_as_rhs`.
    pub(super) fn accepts_none(self) -> bool {
        self.is_json
    }

    /// `prepare_rhs = False`.
    pub(super) fn keeps_right(self) -> bool {
        self.operator.is_textual() || self.operator == Operator::IsNull
    }

    pub(super) fn is_list(self) -> bool {
        matches!(self.operator, Operator::In | Operator::Range)
    }

    /// `operators` of `django/db/backends/postgresql/base.py`.
    pub(super) fn comparison(self, right: &str) -> String {
        match self.operator {
            Operator::Exact => format!("= {right}"),
            Operator::IExact => format!("= UPPER({right})"),
            Operator::Gt => format!("> {right}"),
            Operator::Gte => format!(">= {right}"),
            Operator::Lt => format!("< {right}"),
            Operator::Lte => format!("<= {right}"),
            Operator::In => format!("IN {right}"),
            Operator::Range => format!("BETWEEN {right}"),
            Operator::Contains | Operator::StartsWith | Operator::EndsWith => {
                format!("LIKE {right}")
            }
            Operator::IContains | Operator::IStartsWith | Operator::IEndsWith => {
                format!("LIKE UPPER({right})")
            }
            Operator::Regex => format!("~ {right}"),
            Operator::IRegex => format!("~* {right}"),
            Operator::Postgres(operator) => format!("{operator} {right}"),
            Operator::Search => format!("@@ {right}"),
            Operator::IsNull => right.to_owned(),
        }
    }

    /// `pattern_ops` and `pattern_esc` of the same file, for a pattern that is an expression.
    pub(super) fn pattern(self, right: &str) -> String {
        let escaped = format!(
            r"REPLACE(REPLACE(REPLACE({right}, E'\\', E'\\\\'), E'%%', E'\\%%'), E'_', E'\\_')"
        );
        let inner = if self.operator.ignores_case() {
            format!("UPPER({escaped})")
        } else {
            escaped
        };
        match self.operator {
            Operator::StartsWith | Operator::IStartsWith => format!("LIKE {inner} || '%%'"),
            Operator::EndsWith | Operator::IEndsWith => format!("LIKE '%%' || {inner}"),
            _ => format!("LIKE '%%' || {inner} || '%%'"),
        }
    }
}

impl Compiler<'_> {
    /// `get_lookup` of an expression; `None`: the name is no lookup on it.
    pub(super) fn lookup_class(left: &Expr, name: &str) -> Outcome<Option<LookupClass>> {
        let plain = Operator::named(name).map(LookupClass::plain);
        match &left.form {
            Form::JsonKey { .. } => {
                if let Some(class) = on_json_key(name) {
                    return Ok(Some(class));
                }
            }
            Form::Year { .. } if matches!(name, "exact" | "gt" | "gte" | "lt" | "lte") => {
                return Ok(plain.map(|class| LookupClass {
                    is_year: true,
                    ..class
                }));
            }
            _ => {}
        }
        let kind = left.output.kind()?;
        // Transforms of ranges stand before the lookups of these names.
        if is_range(kind) && matches!(name, "startswith" | "endswith") {
            return Ok(None);
        }
        if let Some(class) = on_kind(kind, name) {
            return Ok(Some(class));
        }
        let is_integer = is_integer(kind) && matches!(name, "exact" | "gt" | "gte" | "lt" | "lte");
        Ok(plain.map(|class| LookupClass {
            is_integer,
            ..class
        }))
    }
}

fn on_json_key(name: &str) -> Option<LookupClass> {
    let plain = LookupClass::plain(Operator::named(name)?);
    Some(match name {
        "exact" => LookupClass {
            is_json: true,
            ..plain
        },
        "iexact" | "icontains" | "startswith" | "istartswith" | "endswith" | "iendswith"
        | "regex" | "iregex" => LookupClass {
            is_key_text: true,
            ..plain
        },
        "in" | "isnull" | "lt" | "lte" | "gt" | "gte" => plain,
        _ => return None,
    })
}

/// Lookups of some field classes, before those of every field.
fn on_kind(kind: FieldKind, name: &str) -> Option<LookupClass> {
    use Preparation as P;
    let postgres = LookupClass::postgres;
    Some(match (kind, name) {
        (FieldKind::Json, "exact") => LookupClass {
            is_json: true,
            ..LookupClass::plain(Operator::Exact)
        },
        (FieldKind::Json | FieldKind::HStore, "contains") => postgres("@>", P::Field),
        (FieldKind::Json | FieldKind::HStore, "contained_by") => postgres("<@", P::Field),
        (FieldKind::Json | FieldKind::HStore, "has_key") => postgres("?", P::None),
        (FieldKind::Json | FieldKind::HStore, "has_keys") => postgres("?&", P::Texts),
        (FieldKind::Json | FieldKind::HStore, "has_any_keys") => postgres("?|", P::Texts),
        (FieldKind::Array, "exact") => LookupClass {
            is_array: true,
            ..LookupClass::plain(Operator::Exact)
        },
        (FieldKind::Array, "contains" | "contained_by" | "overlap") => {
            let operator = match name {
                "contains" => "@>",
                "contained_by" => "<@",
                _ => "&&",
            };
            LookupClass {
                is_array: true,
                ..postgres(operator, P::Field)
            }
        }
        (FieldKind::SearchVector, "exact") => LookupClass::plain(Operator::Search),
        (FieldKind::DateRange | FieldKind::DateTimeRange, "contains") => {
            postgres("@>", P::DateRangeBound)
        }
        (kind, _) if is_range(kind) => return on_range(name),
        (kind, "contained_by")
            if is_integer(kind)
                || is_date(kind)
                || matches!(kind, FieldKind::Float | FieldKind::Decimal) =>
        {
            postgres("<@", P::ToRange)
        }
        (kind, _) if is_text(kind) => return on_text(name),
        _ => return None,
    })
}

fn on_text(name: &str) -> Option<LookupClass> {
    let operator = match name {
        "search" => return Some(LookupClass::plain(Operator::Search)),
        "trigram_similar" => "%%",
        "trigram_word_similar" => "%%>",
        "trigram_strict_word_similar" => "%%>>",
        _ => return None,
    };
    Some(LookupClass::postgres(operator, Preparation::Field))
}

fn on_range(name: &str) -> Option<LookupClass> {
    let (operator, preparation) = match name {
        "contains" => ("@>", Preparation::RangeBound),
        "contained_by" => ("<@", Preparation::Field),
        "overlap" => ("&&", Preparation::Field),
        "fully_lt" => ("<<", Preparation::Field),
        "fully_gt" => (">>", Preparation::Field),
        "not_lt" => ("&>", Preparation::Field),
        "not_gt" => ("&<", Preparation::Field),
        "adjacent_to" => ("-|-", Preparation::Field),
        _ => return None,
    };
    Some(LookupClass::postgres(operator, preparation))
}
