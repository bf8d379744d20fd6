//! Parameters, constraint timing, transactions.

use super::unmodelled::{balanced_rest, without_effect};
use crate::schema::{Change, ConstraintTiming, ParameterScope, TransactionControl, Why};
use crate::sql::cursor::{Cursor, Parsed};

pub(super) fn statement(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let change = if cursor.eat("SET CONSTRAINTS") {
        let change = set_constraints(cursor)?;
        cursor.expect_end()?;
        change
    } else if cursor.eat("SET") {
        set(cursor)?
    } else if cursor.eat("RESET ALL") {
        cursor.expect_end()?;
        return Ok(reset_all());
    } else if cursor.eat("RESET") {
        reset(cursor)?
    } else if cursor.eat("DISCARD") {
        return discard(cursor);
    } else if cursor.eat("PREPARE TRANSACTION") {
        // It ends the transaction, whose work stands once it is committed.
        cursor.string()?;
        cursor.expect_end()?;
        Change::Transaction(TransactionControl::Commit)
    } else if cursor.eat("PREPARE") {
        return prepared(cursor);
    } else if cursor.eat("COMMIT PREPARED") {
        cursor.string()?;
        cursor.expect_end()?;
        return without_effect("COMMIT PREPARED", Vec::new());
    } else {
        transaction(cursor)?
    };
    Ok(vec![change])
}

/// After `DISCARD`: the session begins anew.
fn discard(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let kinds = ["PLANS", "SEQUENCES", "TEMPORARY", "TEMP"];
    let is_all = cursor.eat("ALL");
    if !is_all && !kinds.iter().any(|kind| cursor.eat(kind)) {
        return Err(cursor.unexpected("what to discard"));
    }
    cursor.expect_end()?;
    if is_all {
        return Ok(reset_all());
    }
    without_effect("DISCARD", Vec::new())
}

/// Every parameter, the path among them.
fn reset_all() -> Vec<Change> {
    let reset = |parameter: &str| Change::SetParameter {
        parameter: parameter.into(),
        value: None,
        scope: ParameterScope::Session,
    };
    vec![reset("all"), reset("search_path")]
}

/// After `PREPARE`: only statements of rows can be prepared.
fn prepared(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.identifier()?;
    if cursor.at_symbol("(") {
        cursor.parenthesised()?;
    }
    cursor.expect("AS")?;
    balanced_rest(cursor)?;
    without_effect("PREPARE", Vec::new())
}

fn set_constraints(cursor: &mut Cursor<'_>) -> Parsed<Change> {
    let constraints = if cursor.eat("ALL") {
        Vec::new()
    } else {
        cursor.list(Cursor::name)?
    };
    let timing = if cursor.eat("IMMEDIATE") {
        ConstraintTiming::Immediate
    } else {
        cursor.expect("DEFERRED")?;
        ConstraintTiming::Deferred
    };
    Ok(Change::SetConstraints {
        constraints,
        timing,
    })
}

/// After `SET`: a value of `DEFAULT` resets.
fn set(cursor: &mut Cursor<'_>) -> Parsed<Change> {
    let local = cursor.eat("LOCAL");
    if !local {
        cursor.eat("SESSION");
    }
    let _ = cursor.at("SESSION AUTHORIZATION") && cursor.eat("SESSION");
    let others = [
        "XML OPTION",
        "TRANSACTION",
        "CHARACTERISTICS",
        "AUTHORIZATION",
    ];
    if others.iter().any(|other| cursor.at(other)) {
        cursor.take_rest();
        return Ok(set_other());
    }
    let scope = if local {
        ParameterScope::Local
    } else {
        ParameterScope::Session
    };
    let parameter = if cursor.eat("TIME ZONE") {
        "timezone".into()
    } else if cursor.eat("SCHEMA") {
        "search_path".into()
    } else {
        let name = parameter(cursor)?;
        if cursor.eat("FROM CURRENT") {
            cursor.expect_end()?;
            return Ok(set_other());
        }
        if !cursor.eat("TO") && !cursor.eat_symbol("=") && name != "role" && name != "names" {
            return Err(cursor.unexpected("`TO` or `=`"));
        }
        name
    };
    let is_reset = cursor.eat("DEFAULT");
    let value = (!is_reset).then(|| cursor.take_rest().into());
    cursor.expect_end()?;
    Ok(Change::SetParameter {
        parameter: parameter.into(),
        value,
        scope,
    })
}

/// `SELECT set_config('parameter', 'value', is_local)`, which is how `pg_dump` empties the search path; `None` where
/// the statement is another, or its values are not written out.
pub(super) fn set_config(cursor: &Cursor<'_>) -> Option<Change> {
    let mut cursor = cursor.clone();
    if !cursor.eat("SELECT") {
        return None;
    }
    if cursor.eat("PG_CATALOG") {
        cursor.expect_symbol(".").ok()?;
    }
    if !cursor.eat("SET_CONFIG") {
        return None;
    }
    cursor.expect_symbol("(").ok()?;
    let parameter = cursor.string().ok()?;
    cursor.expect_symbol(",").ok()?;
    let value = cursor.string().ok()?;
    cursor.expect_symbol(",").ok()?;
    let scope = if cursor.eat("TRUE") {
        ParameterScope::Local
    } else if cursor.eat("FALSE") {
        ParameterScope::Session
    } else {
        return None;
    };
    cursor.expect_symbol(")").ok()?;
    cursor.is_at_end().then(|| Change::SetParameter {
        parameter: parameter.to_ascii_lowercase().into(),
        value: Some(value),
        scope,
    })
}

/// What is set is no parameter, or has its value already.
fn set_other() -> Change {
    Change::NoEffect {
        what: "SET".into(),
        relations: Vec::new(),
    }
}

/// The name of a parameter, folded; extensions qualify theirs.
fn parameter(cursor: &mut Cursor<'_>) -> Parsed<String> {
    let mut name = cursor.identifier()?.as_str().to_ascii_lowercase();
    while cursor.eat_symbol(".") {
        name = format!("{name}.{}", cursor.identifier()?);
    }
    Ok(name)
}

fn reset(cursor: &mut Cursor<'_>) -> Parsed<Change> {
    let parameter = if cursor.eat("TIME ZONE") {
        "timezone".to_owned()
    } else {
        parameter(cursor)?
    };
    cursor.take_rest();
    Ok(Change::SetParameter {
        parameter: parameter.into(),
        value: None,
        scope: ParameterScope::Session,
    })
}

fn transaction(cursor: &mut Cursor<'_>) -> Parsed<Change> {
    let forms = [
        ("BEGIN", TransactionControl::Begin),
        ("START TRANSACTION", TransactionControl::Begin),
        ("COMMIT", TransactionControl::Commit),
        ("END", TransactionControl::Commit),
        // Back to a savepoint, inside the transaction still.
        ("ROLLBACK TO", TransactionControl::Savepoint),
        ("ROLLBACK WORK TO", TransactionControl::Savepoint),
        ("ROLLBACK TRANSACTION TO", TransactionControl::Savepoint),
        ("ROLLBACK", TransactionControl::Rollback),
        ("ABORT", TransactionControl::Rollback),
        ("SAVEPOINT", TransactionControl::Savepoint),
        ("RELEASE", TransactionControl::Savepoint),
    ];
    let found = forms.into_iter().find(|(words, _)| cursor.eat(words));
    let (_, control) = found.ok_or_else(|| cursor.unexpected("a transaction statement"))?;
    if cursor.eat("PREPARED") {
        return Err(Why::new("prepared transactions are not modelled"));
    }
    if control == TransactionControl::Savepoint {
        cursor.eat("SAVEPOINT");
        cursor.identifier()?;
        cursor.expect_end()?;
    }
    cursor.take_rest();
    Ok(Change::Transaction(control))
}
