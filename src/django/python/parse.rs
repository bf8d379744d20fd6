//! From text to ruff's syntax tree, with a guard against nesting that would overflow the stack.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::{ModModule, PySourceType, Stmt};
use ruff_python_parser::parse_unchecked_source;
use ruff_text_size::{Ranged, TextRange};

use super::skim::skim;
use crate::source::{Origin, SourceFile, Span};

/// A place where a file is not Python; the rest of the file is read all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxProblem {
    pub message: String,
    pub origin: Origin,
}

/// The deepest nesting of expressions that is read, in tokens that may nest one in the other.
///
/// Python's own parser refuses about 200 brackets; a chain of a thousand `+` is legal and seen.
const DEEPEST_EXPRESSION: usize = 3_000;
/// As Python's tokenizer: "too many levels of indentation".
const DEEPEST_BLOCK: usize = 100;

/// A parsed file.
pub(super) struct Syntax {
    body: Option<ModModule>,
    pub(super) comments: Vec<Span>,
    pub(super) problems: Vec<SyntaxProblem>,
}

impl Syntax {
    pub(super) fn body(&self) -> &[Stmt] {
        self.body.as_ref().map_or(&[], |module| &module.body)
    }
}

/// Parses what can be parsed: errors are data, and the rest of the tree stands.
pub(super) fn parse(file: &Arc<SourceFile>) -> Syntax {
    parse_text(file.text(), file)
}

/// The same without the bodies of functions; `None` where that spares nothing, or is not certain to leave the rest as it is.
pub(super) fn parse_skimmed(file: &Arc<SourceFile>) -> Option<Syntax> {
    let skimmed = parse_text(&skim(file.text())?, file);
    skimmed.problems.is_empty().then_some(skimmed)
}

/// `text` is the file's, or one of the same length.
fn parse_text(text: &str, file: &Arc<SourceFile>) -> Syntax {
    // Growing the stack once costs nothing where it is large enough, and keeps the parser, which
    // is recursive, away from the end of a worker's stack.
    let parsed = stacker::maybe_grow(512 * 1024, 4 * 1024 * 1024, || {
        parse_unchecked_source(text, PySourceType::Python)
    });
    let comments = parsed
        .tokens()
        .iter()
        .filter(|token| token.kind() == TokenKind::Comment)
        .map(|token| span_of(token.range()))
        .collect();
    if let Some(token) = first_too_deep(parsed.tokens()) {
        let problem = SyntaxProblem {
            message: "nested too deeply to be read: the whole file is skipped".to_owned(),
            origin: Origin::new(file, span_of(token.range())),
        };
        // Dropping a tree is recursive too: one that is too deep to visit is too deep to drop.
        let _kept = ManuallyDrop::new(parsed);
        return Syntax {
            body: None,
            comments,
            problems: vec![problem],
        };
    }
    let problems = parsed
        .errors()
        .iter()
        .map(|error| SyntaxProblem {
            message: error.error.to_string(),
            origin: Origin::new(file, span_of(error.location)),
        })
        .collect();
    Syntax {
        // The tokens are gone with the rest: they take more room than the tree.
        body: Some(parsed.into_syntax()),
        comments,
        problems,
    }
}

pub(super) fn span_of(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

/// The first token at which an upper bound of the tree's depth passes the limit.
fn first_too_deep(tokens: &[Token]) -> Option<&Token> {
    let mut depth = Depth::default();
    tokens.iter().find(|token| {
        depth.read(token.kind());
        depth.expression > DEEPEST_EXPRESSION || depth.blocks > DEEPEST_BLOCK
    })
}

/// An upper bound of the tree's depth, token by token.
///
/// Within one pair of brackets an expression is at most as deep as it has tokens since the last comma; the
/// depth at a token is at most the sum over the brackets that are open.
struct Depth {
    /// Tokens since the last comma, for each bracket that is open and for the statement itself.
    brackets: Vec<usize>,
    /// The sum of `brackets`.
    expression: usize,
    blocks: usize,
}

impl Default for Depth {
    fn default() -> Self {
        Self {
            brackets: vec![0],
            expression: 0,
            blocks: 0,
        }
    }
}

impl Depth {
    fn read(&mut self, kind: TokenKind) {
        match kind {
            TokenKind::Indent => self.blocks += 1,
            TokenKind::Dedent => self.blocks = self.blocks.saturating_sub(1),
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                self.expression += 1;
                self.brackets.push(1);
            }
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd => {
                if self.brackets.len() > 1 {
                    self.expression -= self.brackets.pop().unwrap_or(0);
                }
                // `a()()()` nests to the left.
                self.one_more();
            }
            TokenKind::Comma => {
                if let Some(innermost) = self.brackets.last_mut() {
                    self.expression -= *innermost;
                    *innermost = 0;
                }
            }
            TokenKind::Newline | TokenKind::Semi => {
                self.brackets.truncate(1);
                self.brackets.fill(0);
                self.expression = 0;
            }
            TokenKind::NonLogicalNewline
            | TokenKind::Comment
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float => {}
            _ => self.one_more(),
        }
    }

    fn one_more(&mut self) {
        self.expression += 1;
        if let Some(innermost) = self.brackets.last_mut() {
            *innermost += 1;
        }
    }
}
