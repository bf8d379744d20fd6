//! Holds the shape of the code: which part may import which, where each foreign crate ends, and how long a
//! file or a function may become.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a failure here is a failure of the test, and its cases are lists"
)]

#[path = "architecture/read.rs"]
mod read;

use std::path::Path;

/// The parts of the crate from the top; each may import those below it, never one above.
const ORDER: [&str; 15] = [
    "cli", "config", "report", "fix", "rules", "lint", "drift", "history", "repair", "django",
    "database", "sql", "postgres", "schema", "source",
];

/// Something foreign and where alone it may be named; a path ending in `/` is a folder of `src`.
struct Border {
    /// Beginnings of a path; `*` at the end of a part stands for any ending.
    names: &'static [&'static [&'static str]],
    only_in: &'static [&'static str],
}

const BORDERS: [Border; 6] = [
    Border {
        names: &[&["sqlx"]],
        only_in: &["database/"],
    },
    Border {
        names: &[&["sqlparser"]],
        only_in: &["sql/"],
    },
    Border {
        names: &[&["ruff_*"]],
        only_in: &["django/python/"],
    },
    Border {
        names: &[&["miette"]],
        only_in: &["report/human.rs"],
    },
    Border {
        names: &[&["std", "fs"]],
        only_in: &["source.rs", "source/"],
    },
    Border {
        names: &[
            &["println", "!"],
            &["eprintln", "!"],
            &["print", "!"],
            &["eprint", "!"],
            &["std", "io", "stdout"],
            &["std", "io", "stderr"],
        ],
        only_in: &["cli/", "report/", "main.rs"],
    },
];

const VAGUE_NAMES: [&str; 8] = [
    "utils", "util", "helpers", "helper", "common", "manager", "managers", "misc",
];

/// Lengths are counted in lines: what is aimed at, and what is refused.
struct Limit {
    aim: usize,
    refused_over: usize,
}

const FILE: Limit = Limit {
    aim: 400,
    refused_over: 420,
};
const FUNCTION: Limit = Limit {
    aim: 40,
    refused_over: 45,
};
const MOST_PARAMETERS: usize = 4;

#[test]
fn the_code_keeps_to_its_architecture() {
    let files = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(
        files.iter().any(|(path, _)| path == "lib.rs"),
        "no sources were read"
    );
    let found = files
        .iter()
        .map(|(path, text)| judge(path, text))
        .collect::<Vec<_>>();
    for near in found.iter().flat_map(|judged| &judged.near) {
        println!("near a limit: {near}");
    }
    let broken = found
        .into_iter()
        .flat_map(|judged| judged.broken)
        .collect::<Vec<_>>();
    assert!(
        broken.is_empty(),
        "{} violations:\n{}",
        broken.len(),
        broken.join("\n")
    );
}

/// What is said of one file.
#[derive(Debug, Default)]
struct Judged {
    broken: Vec<String>,
    /// Over the aim, and still let through.
    near: Vec<String>,
}

fn judge(path: &str, text: &str) -> Judged {
    let mut judged = Judged::default();
    judged.length(
        &FILE,
        text.lines().count(),
        &format!("src/{path}: this file"),
    );
    let contents = match read::contents(path, text) {
        Ok(contents) => contents,
        Err(error) => {
            judged
                .broken
                .push(format!("src/{path}: is not Rust: {error}"));
            return judged;
        }
    };
    let unit_tests = path
        .split('/')
        .any(|part| matches!(part, "tests" | "tests.rs"));
    if unit_tests {
        return judged;
    }
    judged.broken.extend(vague(path, &contents));
    for named in &contents.names {
        let complaint = crossed(path, &named.path).or_else(|| upward(path, &named.path));
        judged
            .broken
            .extend(complaint.map(|complaint| format!("src/{path}:{}: {complaint}", named.line)));
    }
    for function in &contents.functions {
        let what = format!("src/{path}:{}: `{}`", function.line, function.name);
        if function.parameters > MOST_PARAMETERS {
            judged.broken.push(format!(
                "{what} takes {} parameters, over {MOST_PARAMETERS}",
                function.parameters
            ));
        }
        judged.length(&FUNCTION, function.lines, &what);
    }
    judged
}

impl Judged {
    fn length(&mut self, limit: &Limit, lines: usize, what: &str) {
        if lines > limit.refused_over {
            self.broken.push(format!(
                "{what} has {lines} lines, over {}",
                limit.refused_over
            ));
        } else if lines > limit.aim {
            self.near
                .push(format!("{what} has {lines} lines, over {}", limit.aim));
        }
    }
}

fn vague(path: &str, contents: &read::Contents) -> Vec<String> {
    let of_file = read::module_of(path).into_iter().map(|name| (name, 1));
    let inside = contents
        .modules
        .iter()
        .map(|module| (module.path[0].clone(), module.line));
    of_file
        .chain(inside)
        .filter(|(name, _)| VAGUE_NAMES.contains(&name.as_str()))
        .map(|(name, line)| {
            format!("src/{path}:{line}: `{name}` does not say what a module is for")
        })
        .collect()
}

/// Says which border a path crosses.
fn crossed(file: &str, path: &[String]) -> Option<String> {
    let border = BORDERS
        .iter()
        .find(|border| border.names.iter().any(|begin| begins(path, begin)))?;
    let inside = border
        .only_in
        .iter()
        .any(|place| file == *place || (place.ends_with('/') && file.starts_with(place)));
    (!inside).then(|| {
        format!(
            "`{}` belongs only in {}",
            path.join("::"),
            border.only_in.join(", ")
        )
    })
}

fn begins(path: &[String], begin: &[&str]) -> bool {
    // A macro may be called by a longer path, as in `std::println!`.
    let path = if begin.last() == Some(&"!") {
        &path[path.len().saturating_sub(2)..]
    } else {
        path
    };
    let same = |(part, wanted): (&String, &&str)| match wanted.strip_suffix('*') {
        Some(prefix) => part.starts_with(prefix),
        None => part == wanted,
    };
    path.len() >= begin.len() && path.iter().zip(begin).all(same)
}

/// Says why a file may not name a path of this crate.
fn upward(file: &str, path: &[String]) -> Option<String> {
    if matches!(file, "lib.rs" | "main.rs") || path.first()? != "crate" {
        return None;
    }
    let rank = |part: &str| ORDER.iter().position(|known| *known == part);
    let own = read::module_of(file).into_iter().next().unwrap_or_default();
    let shown = path.join("::");
    let Some(own_rank) = rank(&own) else {
        return Some(format!(
            "`{own}` has no place in the order of the parts; give it one in tests/architecture.rs"
        ));
    };
    match path.get(1).map(String::as_str) {
        None | Some("*") => Some(format!("`{shown}` imports the whole crate")),
        Some(part) => match rank(part) {
            Some(rank) if rank < own_rank => {
                Some(format!("`{own}` names `{shown}`: `{part}` stands above it"))
            }
            // A macro that is exported lands in the root.
            Some(_) => None,
            None if path.get(2).is_some_and(|mark| mark == "!") => None,
            None => Some(format!("`{shown}` is not in one of the known parts")),
        },
    }
}

/// Every Rust file below a folder, by its path from there.
fn sources(root: &Path) -> Vec<(String, String)> {
    let mut files = walkdir::WalkDir::new(root)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "rs")
        })
        .map(|entry| {
            let path = entry
                .path()
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            (path, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect::<Vec<_>>();
    files.sort();
    files
}

/// The tests of the test: what it has to refuse, and what it has to let through.
mod self_test {
    use super::judge;

    #[track_caller]
    fn refuses(path: &str, text: &str, why: &str) {
        let broken = judge(path, text).broken;
        assert!(
            broken.iter().any(|line| line.contains(why)),
            "{path}: {text}\nwas not refused ({why}): {broken:?}"
        );
    }

    #[track_caller]
    fn allows(path: &str, text: &str) {
        let broken = judge(path, text).broken;
        assert!(broken.is_empty(), "{path}: {text}\nwas refused: {broken:?}");
    }

    #[test]
    fn an_import_of_a_part_above_is_refused_however_it_is_written() {
        let above = "`rules` stands above";
        refuses("schema/mod.rs", "use crate::rules::Rule;", above);
        refuses(
            "schema/mod.rs",
            "use crate::{source, rules::{self, Rule}};",
            above,
        );
        refuses("schema/mod.rs", "use super::rules;", above);
        refuses("schema/names.rs", "use super::super::rules::Rule;", above);
        refuses(
            "schema/names.rs",
            "mod inner { use super::super::super::rules::Rule; }",
            above,
        );
        refuses("schema/names.rs", "pub use crate::rules as policy;", above);
        refuses("schema/names.rs", "fn f() { crate::rules::all(); }", above);
        refuses(
            "schema/names.rs",
            "fn f(rule: &dyn super::super::rules::Rule) {}",
            above,
        );
        refuses(
            "schema/names.rs",
            "struct S { rules: Vec<Option<crate::rules::Rule>> }",
            above,
        );
        refuses(
            "schema/names.rs",
            "fn f() { assert!(x == [crate::rules::all()]); }",
            above,
        );
        refuses(
            "schema/names.rs",
            "macro_rules! m { () => { $crate::rules::all() } }",
            above,
        );
        refuses(
            "schema/names.rs",
            "impl From<crate::rules::Rule> for S {}",
            above,
        );
        refuses(
            "schema/names.rs",
            "use crate::schema::{self as own}; use super::super::rules::x as y;",
            above,
        );
        refuses(
            "source.rs",
            "use crate::schema::Schema;",
            "`schema` stands above",
        );
        refuses(
            "sql/mod.rs",
            "use hhschema::django::Operation;",
            "`django` stands above",
        );
        refuses("sql/mod.rs", "use crate::*;", "imports the whole crate");
        refuses("sql.rs", "use super::*;", "imports the whole crate");
        refuses(
            "sql/mod.rs",
            "use crate as all; fn f() { all::rules::x(); }",
            "imports the whole crate",
        );
        refuses(
            "sql/mod.rs",
            "use crate::unknown::X;",
            "not in one of the known parts",
        );
        refuses("novel/mod.rs", "use crate::schema::X;", "has no place");
    }

    #[test]
    fn an_import_of_a_part_below_is_allowed() {
        allows(
            "rules/set_not_null.rs",
            "use crate::{lint::Finding, schema::{Change, Schema}}; use super::RULE;",
        );
        allows(
            "schema/names.rs",
            "use super::{Schema, *}; use crate::source; use std::fmt::{self, Write};",
        );
        allows(
            "schema/mod.rs",
            "mod names; pub use names::Identifier; pub use self::names::X;",
        );
        allows("main.rs", "fn main() { hhschema::cli::run(); }");
        allows(
            "lib.rs",
            "pub mod rules; pub mod schema; pub use crate::rules::Rule;",
        );
        allows("rules/mod.rs", "crate::page!(\"x\");");
        allows(
            "schema/mod.rs",
            "#[cfg(test)] mod tests { use crate::sql::read; }",
        );
    }

    #[test]
    fn a_foreign_crate_outside_of_its_border_is_refused() {
        refuses(
            "history/mod.rs",
            "use sqlparser::ast::Ident;",
            "only in sql/",
        );
        refuses(
            "history/mod.rs",
            "fn f(x: ::sqlparser::ast::Ident) {}",
            "only in sql/",
        );
        refuses(
            "schema/mod.rs",
            "fn f() { sqlx::query(x); }",
            "only in database/",
        );
        refuses(
            "django/graph.rs",
            "use ruff_python_ast::Expr;",
            "only in django/python/",
        );
        refuses(
            "report/json.rs",
            "#[derive(miette::Diagnostic)] struct S; use miette::Report;",
            "only in report/human.rs",
        );
        refuses("config.rs", "use std::fs;", "only in source.rs");
        refuses("config.rs", "use std::{io, fs::File};", "only in source.rs");
        refuses(
            "config.rs",
            "fn f() { std::fs::read(p); }",
            "only in source.rs",
        );
        refuses(
            "config.rs",
            "use std as s; fn f() { s::fs::read(p); }",
            "only in source.rs",
        );
        refuses("lint/mod.rs", "fn f() { println!(); }", "only in cli/");
        refuses(
            "lint/mod.rs",
            "fn f() { std::eprintln!(); }",
            "only in cli/",
        );
        refuses(
            "lint/mod.rs",
            "fn f() { vec![{ print!(); }]; }",
            "only in cli/",
        );
        refuses(
            "lint/mod.rs",
            "use std::io; fn f() { io::stdout(); }",
            "only in cli/",
        );
        allows("sql/grammar.rs", "use sqlparser::ast::Ident;");
        allows("django/python/parse.rs", "use ruff_python_ast::Expr;");
        allows(
            "report/human.rs",
            "use miette::Report; fn f() { println!(); }",
        );
        allows("source.rs", "use std::fs;");
        allows("history/mod.rs", "fn f() { let print = 1; log(print); }");
    }

    #[test]
    fn what_grows_too_large_is_refused() {
        refuses("config.rs", &"//\n".repeat(421), "421 lines, over 420");
        allows("config.rs", &"//\n".repeat(420));
        refuses(
            "config.rs",
            &format!("fn f() {{\n{}}}", "\n".repeat(44)),
            "`f` has 46 lines",
        );
        refuses(
            "config.rs",
            &format!("impl S {{ fn f() {{\n{}}} }}", "\n".repeat(44)),
            "`f` has 46 lines",
        );
        allows("config.rs", &format!("fn f() {{\n{}}}", "\n".repeat(43)));
        refuses(
            "config.rs",
            "fn f(a: A, b: B, c: C, d: D, e: E) {}",
            "5 parameters",
        );
        refuses(
            "config.rs",
            "trait T { fn f(&self, a: A, b: B, c: C, d: D, e: E); }",
            "5 parameters",
        );
        allows(
            "config.rs",
            "impl S { fn f(&self, a: A, b: B, c: C, d: D) {} }",
        );
    }

    #[test]
    fn a_vague_name_or_a_broken_file_is_refused() {
        refuses("schema/utils.rs", "", "`utils` does not say");
        refuses("schema/helpers/x.rs", "", "`helpers` does not say");
        refuses("schema/mod.rs", "mod common { }", "`common` does not say");
        refuses("schema/mod.rs", "fn (", "is not Rust");
    }
}
