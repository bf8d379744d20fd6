use super::page;
use crate::lint::{Check, Context, Finding, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("long-index-name-in-migration"),
    page: page!("long-index-name-in-migration"),
    checks: &[Check::History(check)],
};

/// Names of Django's own making are cut to fit; only a name that a person gave can be too long.
fn check(context: &Context<'_>) -> Vec<Finding> {
    let history = context.history;
    history
        .end_state
        .models()
        .filter(|model| history.owns(&model.key.app_label))
        .filter(|model| history.end_state.doubt(&model.key.app_label).is_none())
        .filter_map(|model| Some((model, model.options.indexes.as_ref().ok()?)))
        .flat_map(|(model, indexes)| indexes.iter().map(move |index| (model, index)))
        .filter_map(|(model, index)| {
            let name = index.name.as_ref().ok()?.as_ref()?;
            let length = name.chars().count();
            let allowed = index.max_name_length()?;
            (length > allowed).then(|| {
                Finding::at(
                    index.origin.clone(),
                    format!(
                        "the index name `{name}` has {length} characters: it works in a migration, but model `{}` cannot \
                         hold it (Django allows {allowed} there)",
                        model.name
                    ),
                )
                .named(format!("{}.{name}", model.key))
                .help("rename it with `RenameIndex` in a new migration, and in the model")
            })
        })
        .collect()
}
