use super::absent_names::{AbsentName, absent_names};
use super::page;
use crate::django::operation::Operation;
use crate::history::{Direction, Moment};
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};
use crate::repair::{Repair, Safety, Step, replaced};
use crate::schema::Outcome;
use crate::source::{Origin, SourceFile, SourceMap, Span};
use crate::sql;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("broken-reverse"),
    page: page!("broken-reverse"),
    checks: &[Check::Refused(check)],
};

fn check(moment: &Moment, context: &Context<'_>) -> Vec<Finding> {
    if moment.direction == Direction::Forward {
        return Vec::new();
    }
    let absent = absent_names(moment);
    if absent.is_empty() {
        let refused = refusal(moment).into_iter();
        return refused
            .map(|finding| repaired(finding, noop(moment, context)))
            .collect();
    }
    absent
        .iter()
        .map(|name| {
            let meant = match &name.meant {
                Some(meant) => format!("; did you mean `{meant}`?"),
                None => String::new(),
            };
            let level = if name.meant.is_some() || refusal(moment).is_some() {
                Level::Error
            } else {
                Level::Note
            };
            let finding = Finding::at(
                moment.origin(),
                format!(
                    "`reverse_sql` cannot run: the {} `{}` does not exist when the migration is rolled back{meant}",
                    name.kind.term(),
                    name.written
                ),
            )
            .named(name.written.clone())
            .at_level(level)
            .help("name what exists once this operation has run, or write `migrations.RunSQL.noop`");
            let repair = mended(moment, name).or_else(|| noop(moment, context));
            repaired(finding, repair)
        })
        .collect()
}

fn repaired(finding: Finding, repair: Option<Repair>) -> Finding {
    match repair {
        Some(repair) => finding.repaired_by(repair),
        None => finding,
    }
}

/// The name that is meant in the place of the one that leads nowhere, if the statement runs then.
fn mended(moment: &Moment, name: &AbsentName) -> Option<Repair> {
    let last = |written: &str| written.rsplit('.').next().map(str::to_owned);
    let (wrong, right) = (last(&name.written)?, last(name.meant.as_ref()?)?);
    let text = &moment.statement.text;
    let mut places = text.match_indices(&wrong).filter(|(start, _)| {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
        let before = text.get(..*start).and_then(|text| text.chars().last());
        let after = text
            .get(start + wrong.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    });
    let (start, _) = places.next()?;
    if places.next().is_some() || !runs(moment, &text.replacen(&wrong, &right, 1)) {
        return None;
    }
    let start = u32::try_from(start).ok()?;
    let end = start + u32::try_from(wrong.len()).ok()?;
    let place = moment.statement.map.origin(Span::new(start, end));
    (place.file.slice(place.span) == wrong).then(|| {
        let title = format!("Name `{right}` in `reverse_sql`, in the place of `{wrong}`");
        Repair::new("mend-name", title, vec![replaced(&place, &right)])
    })
}

fn runs(moment: &Moment, text: &str) -> bool {
    let file = SourceFile::new("reverse.sql", text);
    let mut schema = moment.before.clone();
    sql::read(text, &SourceMap::identity(&file))
        .iter()
        .flat_map(|statement| &statement.changes)
        .all(|change| {
            matches!(
                schema.apply(change),
                Outcome::Applied { .. } | Outcome::Skipped
            )
        })
}

/// `RunSQL.noop`: the way back is open, and leaves what the operation did.
fn noop(moment: &Moment, context: &Context<'_>) -> Option<Repair> {
    let operation = context.history.operation_at(&moment.origin())?;
    let Operation::RunSql { .. } = operation.operation else {
        return None;
    };
    let call: &Origin = &operation.origin;
    let value = operation.call.as_ref()?.argument(1, "reverse_sql")?;
    let is_own = value.origin.file.path() == call.file.path()
        && call.span.start < value.origin.span.start
        && value.origin.span.end < call.span.end;
    let source = call.file.slice(call.span);
    let class = source.split('(').next()?.trim();
    let step: Step = replaced(&value.origin, &format!("{class}.noop"));
    is_own.then(|| {
        Repair::new("noop", "Let the way back do nothing", vec![step])
            .of_safety(Safety::Unsafe)
            .warning("What the operation did stays when it is rolled back.")
    })
}

fn refusal(moment: &Moment) -> Option<Finding> {
    let Outcome::Rejected(rejection) = &moment.outcome else {
        return None;
    };
    Some(
        Finding::at(
            moment.origin(),
            format!(
                "`reverse_sql` cannot run: PostgreSQL refuses it for `{}` ({})",
                rejection.object, rejection.state
            ),
        )
        .about(rejection.object.clone())
        .help("write the statement that undoes this operation on the schema that it leaves"),
    )
}
