//! The settings of a project that decide what its models are.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::discover::Project;
use super::field::django_field_class;
use super::project_state::{FieldKind, ModelKey, StateSettings};
use super::python::Static;
use super::settings::Setting;
use super::version::DjangoVersion;
use crate::schema::Why;

/// What the settings module and the AppConfigs say; where they say nothing, what that release of Django takes.
pub fn state_settings(project: &Project, version: DjangoVersion) -> StateSettings {
    let mut settings = StateSettings::of(version);
    if let Some(module) = &project.settings {
        match module.get("DEFAULT_AUTO_FIELD") {
            Setting::Known(value) => {
                settings.default_auto_field = auto_field(value.as_str().unwrap_or_default());
            }
            Setting::Unknown(why) => settings.default_auto_field = Err(why),
            Setting::Unset => {}
        }
        settings.swapped.extend(module.models());
        if let Ok(user) = module.auth_user_model()
            && let Some((app_label, model)) = user.split_once('.')
        {
            let user = ModelKey::new(app_label, model);
            settings.swapped.insert("AUTH_USER_MODEL".into(), user);
        }
    }
    settings.app_auto_fields = app_auto_fields(project);
    settings
}

fn app_auto_fields(project: &Project) -> BTreeMap<Arc<str>, Static<FieldKind>> {
    project
        .apps
        .iter()
        .filter_map(|app| {
            let path = app.default_auto_field.as_ref()?;
            let kind = path.clone().and_then(|path| auto_field(&path));
            Some((Arc::clone(&app.label), kind))
        })
        .collect()
}

fn auto_field(path: &str) -> Static<FieldKind> {
    django_field_class(path)
        .map(|class| class.kind)
        .ok_or_else(|| Why::new(format!("the automatic key `{path}` is no field of Django")))
}
