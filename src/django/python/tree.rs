//! How much of a module's syntax tree is kept: trees take more room than the values that are read from them.

use std::sync::{Arc, OnceLock};

use ruff_python_ast::Stmt;

use super::parse::{Syntax, SyntaxProblem, parse, parse_skimmed};
use crate::source::{SourceFile, Span};

/// The syntax tree of a file.
pub(super) struct Tree {
    file: Arc<SourceFile>,
    kept: Kept,
    /// The whole, once it is asked for where less is kept.
    whole: OnceLock<Syntax>,
    problems: Vec<SyntaxProblem>,
}

enum Kept {
    Whole(Syntax),
    /// Without the bodies of functions.
    Skimmed(Syntax),
    Nothing,
}

impl Tree {
    pub(super) fn whole_of(file: &Arc<SourceFile>) -> Self {
        Self::of(file, parse(file), Kept::Whole)
    }

    /// A tree in which the bodies of functions are read when they are asked for, and their faults not seen before.
    pub(super) fn skimmed(file: &Arc<SourceFile>) -> Self {
        match parse_skimmed(file) {
            Some(syntax) => Self::of(file, syntax, Kept::Skimmed),
            None => Self::whole_of(file),
        }
    }

    fn of(file: &Arc<SourceFile>, mut syntax: Syntax, kept: impl FnOnce(Syntax) -> Kept) -> Self {
        Self {
            file: Arc::clone(file),
            problems: std::mem::take(&mut syntax.problems),
            kept: kept(syntax),
            whole: OnceLock::new(),
        }
    }

    /// The statements of the module; functions may stand without their bodies.
    pub(super) fn statements(&self) -> &[Stmt] {
        match &self.kept {
            Kept::Whole(syntax) | Kept::Skimmed(syntax) => syntax.body(),
            Kept::Nothing => self.whole().body(),
        }
    }

    /// The statements with the bodies of functions.
    pub(super) fn with_bodies(&self) -> &[Stmt] {
        self.whole().body()
    }

    pub(super) fn comments(&self) -> &[Span] {
        &self.whole().comments
    }

    pub(super) fn problems(&self) -> &[SyntaxProblem] {
        &self.problems
    }

    fn whole(&self) -> &Syntax {
        match &self.kept {
            Kept::Whole(syntax) => syntax,
            Kept::Skimmed(_) | Kept::Nothing => self.whole.get_or_init(|| parse(&self.file)),
        }
    }

    /// What is kept, to be dropped: it is parsed again where it is asked for.
    ///
    /// `None` where functions are defined: their bodies are read when they are called.
    pub(super) fn let_go(&mut self) -> Option<LetGo> {
        let kept = match &self.kept {
            Kept::Whole(syntax) | Kept::Skimmed(syntax) => {
                if syntax.body().iter().any(defines_function) {
                    return None;
                }
                Some(std::mem::replace(&mut self.kept, Kept::Nothing))
            }
            Kept::Nothing => None,
        };
        let whole = self.whole.take();
        Some(LetGo {
            _kept: kept,
            _whole: whole,
        })
    }
}

/// Syntax that nobody needs now; to drop it takes a while, which is nothing to wait for under a lock.
pub(super) struct LetGo {
    _kept: Option<Kept>,
    _whole: Option<Syntax>,
}

fn defines_function(statement: &Stmt) -> bool {
    match statement {
        Stmt::FunctionDef(_) => true,
        Stmt::ClassDef(class) => class.body.iter().any(defines_function),
        _ => false,
    }
}
