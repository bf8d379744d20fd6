use super::live::{because, finding};
use super::page;
use crate::drift::{Difference, Hurt, What};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Expr, Identity, Supply, TableDifference};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("default-mismatch"),
    page: page!("default-mismatch"),
    checks: &[Check::Drift(check)],
};

fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    // Where INSERTs fail for it, that is said by `insert-fails`.
    let What::Part(TableDifference::Supply {
        expected, actual, ..
    }) = &difference.what
    else {
        return None;
    };
    if difference.hurt == Hurt::InsertFails {
        return None;
    }
    let message = format!(
        "the column `{}` has {}, not {}; {}",
        difference.object(),
        words(actual),
        words(expected),
        because(difference)
    );
    Some(finding(difference, message))
}

fn words(supply: &Supply) -> String {
    let text = |expr: &Expr| expr.text().unwrap_or("what is not known").to_owned();
    match supply {
        Supply::Nothing => "no default".to_owned(),
        Supply::Default(expr) => format!("the default {}", text(expr)),
        Supply::Identity(Identity::Always) => "an identity (ALWAYS)".to_owned(),
        Supply::Identity(Identity::ByDefault) => "an identity (BY DEFAULT)".to_owned(),
        Supply::Generated(generated) => {
            format!("values generated as {}", text(&generated.expression))
        }
        Supply::Serial => "a serial number".to_owned(),
    }
}
