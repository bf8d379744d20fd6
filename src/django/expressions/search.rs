//! Full text search: `django/contrib/postgres/search.py`.

use std::sync::Arc;

use super::callee::{Callee, callee};
use super::compiler::Compiler;
use super::expr::{Expr, Form, Output};
use super::expression::is_expression;
use super::lookup_right::Right;
use super::outcome::{Outcome, Stop};
use super::output::is_text;
use crate::django::project_state::{Field, FieldKind};
use crate::django::python::{Call, Operator, Value, ValueKind};

fn is_call_of(value: &Value, names: &[&str]) -> bool {
    let Some(call) = value.as_call() else {
        return false;
    };
    matches!(callee(call), Callee::Postgres(name) if names.contains(&name))
}

/// `SearchQuery(...)`, and what `|`, `&` and `~` make of it.
pub(super) fn is_query(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Operation(operation) => {
            matches!(
                operation.operator,
                Operator::And | Operator::Or | Operator::Not
            ) && operation.operands.first().is_some_and(is_query)
        }
        _ => is_call_of(value, &["SearchQuery", "CombinedSearchQuery"]),
    }
}

/// `SearchVector(...)`, and sums of it.
pub(super) fn is_vector(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Operation(operation) => {
            operation.operator == Operator::Add && operation.operands.first().is_some_and(is_vector)
        }
        _ => is_call_of(value, &["SearchVector", "CombinedSearchVector"]),
    }
}

impl Compiler<'_> {
    /// The classes of this module; `None`: another class.
    pub(super) fn search_call(
        &self,
        name: &str,
        call: &Call,
        value: &Value,
    ) -> Outcome<Option<Expr>> {
        Ok(Some(match name {
            "SearchVector" => self.search_vector(call, value)?,
            "SearchQuery" => self.search_query(value)?,
            "SearchConfig" => {
                let config = call
                    .argument(0, "config")
                    .ok_or_else(|| Stop::why("a configuration that is not given"))?;
                self.search_config(config)?
            }
            "SearchRank" => self.search_rank(call, value)?,
            "SearchHeadline" => self.search_headline(call, value)?,
            "Lexeme"
            | "CombinedLexeme"
            | "CombinedSearchVector"
            | "CombinedSearchQuery"
            | "ArraySubquery"
            | "OpClass" => {
                return Err(Stop::why(format!("the class `{name}`")));
            }
            _ => return Ok(None),
        }))
    }

    /// `SearchConfig`: an expression, or a text that is a `Value`.
    fn search_config(&self, config: &Value) -> Outcome<Expr> {
        if is_call_of(config, &["SearchConfig"]) {
            return self.expression(config);
        }
        let inner = if is_expression(config) {
            self.expression(config)?
        } else {
            self.value(config, None)?
        };
        Ok(inner
            .rewritten(|sql| format!("{sql}::regconfig"))
            .with_output(Output::None))
    }

    fn config_of(&self, call: &Call) -> Outcome<Option<Expr>> {
        match call.keyword("config") {
            Some(config) if !config.is_none() => self.search_config(config).map(Some),
            _ => Ok(None),
        }
    }

    /// The configuration of a query; of several it is that of the first.
    fn config_of_query(&self, value: &Value) -> Outcome<Option<Expr>> {
        if !is_query(value) {
            return Ok(None);
        }
        match &value.kind {
            ValueKind::Call(call) => self.config_of(call),
            ValueKind::Operation(operation) => match operation.operands.first() {
                Some(first) => self.config_of_query(first),
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    fn search_vector(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        let config = self.config_of(call)?;
        let parts = call
            .arguments
            .iter()
            .map(|argument| self.argument(argument))
            .collect::<Outcome<Vec<_>>>()?;
        let vector = self.vector_of(parts, config, value)?;
        let weight = match call.keyword("weight") {
            Some(weight) if !weight.is_none() => self.value_or_expression(weight)?,
            _ => return Ok(vector),
        };
        let mut whole = Expr::text("", vector.output.clone());
        whole.is_typed_early = true;
        let form = vector.form.clone();
        let inner = whole.take(vector);
        let weight = whole.take(weight);
        whole.sql = format!("setweight({inner}, {weight})");
        Ok(whole.with_form(form))
    }

    fn value_or_expression(&self, value: &Value) -> Outcome<Expr> {
        if is_expression(value) {
            self.expression(value)
        } else {
            self.value(value, None)
        }
    }

    fn vector_of(&self, parts: Vec<Expr>, config: Option<Expr>, value: &Value) -> Outcome<Expr> {
        let origin = &value.origin;
        let mut whole = Expr::text("", Output::of(FieldKind::SearchVector, origin));
        whole.is_typed_early = true;
        let form = Form::SearchVector {
            config: config.clone().map(Box::new),
        };
        let prefix = match config {
            Some(config) => format!("{}, ", whole.take(config)),
            None => String::new(),
        };
        let mut texts = Vec::new();
        for part in parts {
            let is_text = is_text(part.output.kind()?);
            let part = if is_text {
                part
            } else {
                self.cast(part, &Arc::new(Field::plain(FieldKind::Text, origin)))?
            };
            let text = whole.take(part);
            let empty = whole.take(Self::text_value("", value));
            texts.push(format!("COALESCE({text}, {empty})"));
        }
        whole.sql = format!("to_tsvector({prefix}{})", texts.join(" || ' ' || "));
        Ok(whole.with_form(form))
    }

    /// `SearchVector(...) + SearchVector(...)`.
    pub(super) fn combined_vectors(
        &self,
        operator: Operator,
        operands: &[Value],
        value: &Value,
    ) -> Outcome<Expr> {
        let ([one, two], Operator::Add) = (operands, operator) else {
            return Err(Stop::why("an operator that search vectors do not have"));
        };
        let (one, two) = (self.expression(one)?, self.expression(two)?);
        let mut whole = Expr::text("", Output::of(FieldKind::SearchVector, &value.origin));
        let form = one.form.clone();
        let (one, two) = (whole.take(one), whole.take(two));
        whole.sql = format!("({one} || {two})");
        Ok(whole.with_form(form))
    }

    pub(super) fn search_query(&self, value: &Value) -> Outcome<Expr> {
        let output = Output::of(FieldKind::SearchQuery, &value.origin);
        if let ValueKind::Operation(operation) = &value.kind {
            let connector = match (operation.operator, &*operation.operands) {
                (Operator::And, [_, _]) => "&&",
                (Operator::Or, [_, _]) => "||",
                (Operator::Not, [only]) => return self.inverted_query(only),
                _ => return Err(Stop::why("an operator that search queries do not have")),
            };
            let mut whole = Expr::text("", output);
            let mut parts = Vec::new();
            for operand in &operation.operands {
                parts.push(whole.take(self.search_query(operand)?));
            }
            whole.sql = format!("({})", parts.join(&format!(" {connector} ")));
            return Ok(whole.with_form(Form::SearchQuery));
        }
        let call = value
            .as_call()
            .filter(|_| is_call_of(value, &["SearchQuery"]))
            .ok_or_else(|| Stop::why("a search query that cannot be read"))?;
        let text = call
            .argument(0, "value")
            .ok_or_else(|| Stop::why("a search query of nothing"))?;
        if let Some(lexemes) = super::lexeme::text(text, false)? {
            let text = Expr::parameter(super::Constant::text(lexemes));
            let query = Self::query_of(text, self.config_of(call)?, ("to_tsquery", value));
            return Ok(query);
        }
        let text = self.value_or_expression(text)?;
        let function = query_function(call)?;
        let query = Self::query_of(text, self.config_of(call)?, (function, value));
        Ok(match call.keyword("invert").map(|invert| &invert.kind) {
            None | Some(ValueKind::Bool(false)) => query,
            Some(ValueKind::Bool(true)) => query
                .rewritten(|sql| format!("!!({sql})"))
                .with_output(output)
                .with_form(Form::SearchQuery),
            Some(_) => return Err(Stop::why("a search query that may be inverted")),
        })
    }

    fn inverted_query(&self, inner: &Value) -> Outcome<Expr> {
        let is_call = is_call_of(inner, &["SearchQuery"]);
        let inverts = inner
            .as_call()
            .is_some_and(|call| call.keyword("invert").is_some());
        if !is_call || inverts {
            return Err(Stop::why("a search query that is inverted"));
        }
        let query = self.search_query(inner)?;
        let output = query.output.clone();
        Ok(query
            .rewritten(|sql| format!("!!({sql})"))
            .with_output(output)
            .with_form(Form::SearchQuery))
    }

    fn query_of(text: Expr, config: Option<Expr>, (function, value): (&str, &Value)) -> Expr {
        let mut whole = Expr::text("", Output::of(FieldKind::SearchQuery, &value.origin));
        whole.is_typed_early = true;
        let prefix = match config {
            Some(config) => format!("{}, ", whole.take(config)),
            None => String::new(),
        };
        let text = whole.take(text);
        whole.sql = format!("{function}({prefix}{text})");
        whole.with_form(Form::SearchQuery)
    }

    /// `SearchLookup` and `SearchVectorExact`.
    pub(super) fn search_lookup(&self, left: Expr, right: Right<'_>) -> Outcome<Expr> {
        let value = right.value();
        let is_vector = left.output.kind()? == FieldKind::SearchVector;
        let config_of_right = self.config_of_query(value)?;
        let left = if is_vector {
            left
        } else {
            self.vector_of(vec![left], config_of_right, value)?
        };
        let query = if is_query(value) {
            self.search_query(value)?
        } else {
            let text = self.value_or_expression(value)?;
            let config = match &left.form {
                Form::SearchVector { config } => config.as_deref().cloned(),
                _ => None,
            };
            Self::query_of(text, config, ("plainto_tsquery", value))
        };
        let mut whole = Expr::text("", Output::None);
        let left = whole.take(left);
        let query = whole.take(query);
        whole.sql = if query.starts_with('(') {
            format!("{left} @@ {query}")
        } else {
            format!("{left} @@ ({query})")
        };
        Ok(whole)
    }

    fn search_rank(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        let (Some(vector), Some(query)) = (call.argument(0, "vector"), call.argument(1, "query"))
        else {
            return Err(Stop::why("a SearchRank without its parts"));
        };
        let vector = match vector.as_str() {
            Some(name) => self.vector_of(vec![self.reference(name)?], None, value)?,
            None => self.expression(vector)?,
        };
        let query = if is_expression(query) {
            self.expression(query)?
        } else {
            let text = self.value(query, None)?;
            Self::query_of(text, None, ("plainto_tsquery", value))
        };
        let function = match call.argument(4, "cover_density").map(|flag| &flag.kind) {
            Some(ValueKind::Bool(true)) => "ts_rank_cd",
            None | Some(ValueKind::Bool(false)) => "ts_rank",
            Some(_) => return Err(Stop::why("a SearchRank that cannot be read")),
        };
        let mut whole = Expr::text("", Output::of(FieldKind::Float, &value.origin));
        whole.is_typed_early = true;
        let mut parts = Vec::new();
        if let Some(weights) = call.argument(2, "weights").filter(|value| !value.is_none()) {
            let weights = whole.take(self.value_or_expression(weights)?);
            parts.push(format!("({weights})::float4[]"));
        }
        parts.push(whole.take(vector));
        parts.push(whole.take(query));
        let normalization = call.argument(3, "normalization");
        if let Some(normalization) = normalization.filter(|value| !value.is_none()) {
            parts.push(whole.take(self.value_or_expression(normalization)?));
        }
        whole.sql = format!("{function}({})", parts.join(", "));
        Ok(whole)
    }

    /// `SearchHeadline(expression, query, *, config, start_sel, ...)`.
    fn search_headline(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        const OPTIONS: [(&str, &str); 8] = [
            ("start_sel", "StartSel"),
            ("stop_sel", "StopSel"),
            ("max_words", "MaxWords"),
            ("min_words", "MinWords"),
            ("short_word", "ShortWord"),
            ("highlight_all", "HighlightAll"),
            ("max_fragments", "MaxFragments"),
            ("fragment_delimiter", "FragmentDelimiter"),
        ];
        let (Some(text), Some(query)) = (call.argument(0, "expression"), call.argument(1, "query"))
        else {
            return Err(Stop::why("a SearchHeadline without its parts"));
        };
        let query = if is_expression(query) {
            self.expression(query)?
        } else {
            let text = self.value(query, None)?;
            Self::query_of(text, None, ("plainto_tsquery", value))
        };
        let mut whole = Expr::text("", Output::of(FieldKind::Text, &value.origin));
        whole.is_typed_early = true;
        let mut parts = Vec::new();
        if let Some(config) = self.config_of(call)? {
            parts.push(whole.take(config));
        }
        parts.push(whole.take(self.argument(text)?));
        parts.push(whole.take(query));
        let mut options = Vec::new();
        for (keyword, option) in OPTIONS {
            if let Some(given) = call.keyword(keyword).filter(|value| !value.is_none()) {
                options.push(format!("{option}={}", super::python_constant(given)?.sql()));
            }
        }
        if !options.is_empty() {
            whole.params.push(super::Constant::text(options.join(", ")));
            parts.push("%s".to_owned());
        }
        whole.sql = format!("ts_headline({})", parts.join(", "));
        Ok(whole)
    }
}

/// `SearchQuery.SEARCH_TYPES`.
fn query_function(call: &Call) -> Outcome<&'static str> {
    Ok(match call.keyword("search_type").map(Value::as_str) {
        None | Some(Some("plain")) => "plainto_tsquery",
        Some(Some("phrase")) => "phraseto_tsquery",
        Some(Some("raw")) => "to_tsquery",
        Some(Some("websearch")) => "websearch_to_tsquery",
        Some(_) => return Err(Stop::why("a kind of search that cannot be read")),
    })
}
