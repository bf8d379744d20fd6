//! What `pg_dump` prints, read as though its names were written as a session sees them.
//!
//! `pg_dump` empties the search path and qualifies each name (since the minor releases of March 2018, CVE-2018-1058);
//! the server's own functions leave a schema out that is searched, and so does the catalog that a dump is compared with.

use std::ops::Range;
use std::sync::Arc;

use super::lexer::{Kind, Lexeme};
use super::read::read;
use super::split::script;
use super::statement::Statement;
use crate::source::{Origin, Piece, SourceFile, SourceMap, Span};

/// The schemas that are searched without being named: the one of the default search path, and the system's.
const SEARCHED: [&str; 2] = ["public", "pg_catalog"];

/// Reads every statement of a dump, `public.` and `pg_catalog.` left out. Never fails: see the module.
pub fn read_dump(file: &Arc<SourceFile>) -> Vec<Statement> {
    let (text, map) = without(&qualifiers(file.text()), file);
    read(&text, &map)
}

/// The text of a file without some of its ranges, which come in order, and the way back.
fn without(left_out: &[Range<usize>], file: &Arc<SourceFile>) -> (String, SourceMap) {
    let source = file.text();
    let mut text = String::with_capacity(source.len());
    let mut pieces = Vec::new();
    let mut start = 0;
    let end = source.len()..source.len();
    for gap in left_out.iter().chain([&end]) {
        let kept = source.get(start..gap.start).unwrap_or_default();
        pieces.push(Piece {
            sql: span(text.len(), text.len() + kept.len()),
            origin: Origin::new(file, span(start, gap.start)),
        });
        text.push_str(kept);
        start = gap.end;
    }
    let whole = Origin::new(file, span(0, source.len()));
    (text, SourceMap::piecewise(whole, pieces))
}

fn span(start: usize, end: usize) -> Span {
    let offset = |byte| u32::try_from(byte).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

/// Where a schema is named that is searched, in order.
fn qualifiers(text: &str) -> Vec<Range<usize>> {
    let lexemes = script(text).lexemes;
    let mut found = Vec::new();
    let mut rest = lexemes.as_slice();
    while let Some((first, after)) = rest.split_first() {
        if let Some(around) = around_operator(rest) {
            found.extend(around);
            rest = rest.get(OPERATOR_TOKENS..).unwrap_or_default();
            continue;
        }
        if is_qualifier(rest) {
            let end = after.first().map_or(first.span.end, |dot| dot.span.end);
            found.push(first.span.start as usize..end as usize);
        } else if names_relation(rest) {
            found.extend(in_constant(first));
        }
        rest = after;
    }
    found
}

fn is_searched(schema: &Lexeme<'_>) -> bool {
    SEARCHED.iter().any(|searched| schema.is_word(searched))
}

/// `public.` before a name.
fn is_qualifier(lexemes: &[Lexeme<'_>]) -> bool {
    let [schema, dot, name, ..] = lexemes else {
        return false;
    };
    is_searched(schema) && dot.is_symbol(".") && name.is_name()
}

/// Those of `OPERATOR(public.=)`.
const OPERATOR_TOKENS: usize = 6;

/// All of `OPERATOR(public.=)` but the operator.
fn around_operator(lexemes: &[Lexeme<'_>]) -> Option<[Range<usize>; 2]> {
    let [word, open, schema, dot, operator, close, ..] = lexemes else {
        return None;
    };
    let is_one = word.is_word("OPERATOR")
        && open.is_symbol("(")
        && is_searched(schema)
        && dot.is_symbol(".")
        && operator.kind == Kind::Symbol
        && close.is_symbol(")");
    let before = word.span.start as usize..operator.span.start as usize;
    is_one.then(|| [before, close.span.range()])
}

/// `'public.numbers'::regclass`.
fn names_relation(lexemes: &[Lexeme<'_>]) -> bool {
    let [constant, cast, of_type, ..] = lexemes else {
        return false;
    };
    constant.kind == Kind::String && cast.is_symbol("::") && of_type.is_word("regclass")
}

fn in_constant(constant: &Lexeme<'_>) -> Option<Range<usize>> {
    let start = constant.span.start as usize + 1;
    let within = constant.text.strip_prefix('\'')?;
    SEARCHED.iter().find_map(|schema| {
        let named = within.strip_prefix(schema)?.starts_with('.');
        named.then(|| start..start + schema.len() + 1)
    })
}
