//! Runs the rule book: every fenced block of every page in `rules/` is a test case, linted by the program itself.
//!
//! A fence says its language and what it is: `sql` or `python`, then `given`, `fail`, `pass` or `database`.
//! - `given` stood before and is not judged; it counts for all blocks of its language up to the next one.
//! - `fail` gives findings of the page's rule on exactly the lines that end in a comment with a level: `-- error`,
//!   `# warning`, `# note`; behind a colon may stand words that the message holds: `# warning: reads every row`.
//! - `pass` gives none.
//! - `fixed` is what `fix --emit-migration --write` makes of the `fail` block before it: the files that it changes or
//!   makes, a line `...` standing for any lines. What is left gives no finding of the rule and none that was not there
//!   before (but of the rule that `then="..."` names), and the catalog at the end is the same, but for what
//!   `leaves="..."` says in words; `choose="..."` chooses, as on the command line.
//!
//! - `database`, in SQL, is what somebody ran by hand on the database that the given migrations made: the rule then says
//!   of that database what the lines are marked with, in any order; without a mark, nothing. `unapplied="0002_x"` leaves a
//!   migration out of that database; rows of `django_migrations` are put in and taken out by their own statements.
//!
//! A Python block holds files, each begun by `# file: shop/migrations/0002_x.py`; an SQL block is one script, or
//! files begun by `-- file:`. What the front matter claims of locks, reads, rewrites and failures holds for every
//! `fail` block in SQL on a real server; a block may claim otherwise for itself: `sql fail lock="SHARE"`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

#[path = "rulebook/block.rs"]
mod block;
#[path = "rulebook/claims.rs"]
mod claims;
mod environment;
#[path = "rulebook/fixed.rs"]
mod fixed;
#[path = "rulebook/linted.rs"]
mod linted;
#[path = "rulebook/live.rs"]
mod live;
#[path = "rulebook/register.rs"]
mod register;

use hhschema::lint::RuleBook;
use hhschema::rules::RULES;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    let book = RuleBook::read(RULES).unwrap_or_else(|error| panic!("{error}"));
    let mut trials = register::trials();
    for booked in book.rules() {
        let rule = booked.rule.name.as_str();
        let blocks = block::blocks(booked.page.body);
        let page = blocks.clone();
        let (body, repairs) = (booked.page.body, booked.page.front.repairs);
        trials.push(Trial::test(format!("{rule}::page"), move || {
            register::page_is_whole(rule, (body, repairs), &page).map_err(Failed::from)
        }));
        for case in block::cases(&blocks) {
            let name = format!("{rule}::{}", case.name());
            let claims = booked.page.front.claims.clone();
            if let (Some(claims), true) = (claims, case.is_sql_fail()) {
                let case = case.clone();
                trials.push(Trial::test(format!("{name}-on-a-server"), move || {
                    claims::hold(&case, &claims).map_err(Failed::from)
                }));
            }
            trials.push(Trial::test(name, move || {
                let given = match case.block.role {
                    block::Role::Database => live::gives_what_it_marks(rule, &case),
                    block::Role::Fixed => fixed::is_what_the_repair_makes(rule, &case),
                    block::Role::Given | block::Role::Fail | block::Role::Pass => {
                        linted::gives_what_it_marks(rule, &case)
                    }
                };
                given.map_err(Failed::from)
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
