use super::page;
use crate::django::project_state::ModelState;
use crate::lint::{Check, Context, Finding, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("long-index-name"),
    page: page!("long-index-name"),
    checks: &[Check::Model(check)],
};

fn check(model: &ModelState, _: &Context<'_>) -> Vec<Finding> {
    let Ok(indexes) = &model.options.indexes else {
        return Vec::new();
    };
    indexes
        .iter()
        .filter_map(|index| {
            let name = index.name.as_ref().ok()?.as_ref()?;
            let length = name.chars().count();
            let allowed = index.max_name_length()?;
            (length > allowed).then(|| {
                Finding::at(
                    index.origin.clone(),
                    format!(
                        "the index name `{name}` of model `{}` has {length} characters, Django allows \
                         {allowed}: its system check (models.E034) stops every process at start-up",
                        model.name
                    ),
                )
                .named(format!("{}.{name}", model.key))
                .help(format!(
                    "shorten the name to {allowed} characters here (no SQL is needed to end an outage), and bring the \
                     database along with `RenameIndex`"
                ))
            })
        })
        .collect()
}
