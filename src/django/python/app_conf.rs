//! Settings that the classes of the package django-appconf give: `class ShopConf(AppConf): RATES = {}` is `settings.SHOP_RATES`
//! where the settings module does not say it (`appconf/base.py`, version 1.2).

use std::sync::Arc;

use ruff_python_ast::{Expr, Stmt};

use super::ancestry::{Ancestor, ancestry, name_of};
use super::evaluate::Evaluator;
use super::module::Module;
use super::value::{ClassDefinition, Value, ValueKind};
use crate::schema::Why;
use crate::source::{Origin, Span};

/// Where apps keep such classes: the models are imported as soon as the app is installed.
const MODULES: [&str; 2] = ["conf", "models"];

impl Evaluator<'_> {
    /// The value that a class of the app's gives the setting.
    pub(super) fn set_by_appconf(&mut self, app: &str, name: &str) -> Option<Value> {
        let package = app.split_once(".apps.").map_or(app, |(package, _)| package);
        MODULES.iter().find_map(|module| {
            let path = format!("{package}.{module}");
            let module = self.python.module_named(&path)?;
            self.configured_in(&module, name).or_else(|| {
                // A package of models imports what it is made of.
                imported_parts(&module, &path).find_map(|part| {
                    let part = self.python.module_named(&part)?;
                    self.configured_in(&part, name)
                })
            })
        })
    }

    fn configured_in(&mut self, module: &Arc<Module>, name: &str) -> Option<Value> {
        // Most modules have no such class: they are not looked into.
        module.file.text().contains("AppConf").then_some(())?;
        let classes = module
            .tree
            .statements()
            .iter()
            .filter_map(|statement| match statement {
                Stmt::ClassDef(class) if binds_end_of(&class.body, name) => {
                    Some(class.name.id.as_str())
                }
                _ => None,
            })
            .collect::<Vec<_>>();
        for class in classes {
            // The bodies of such classes ask for settings themselves.
            if self.in_app_conf {
                let origin = Origin::new(&module.file, Span::default());
                let why = "a setting that depends on the classes which give settings";
                return Some(Value::unknown(Why::new(why), origin));
            }
            self.in_app_conf = true;
            let value = self.global(module, class).map(|value| value.kind);
            self.in_app_conf = false;
            if let Some(ValueKind::Class(class)) = value
                && let Some(given) = setting_of(&class, module, name)
            {
                return Some(given);
            }
        }
        None
    }
}

/// Whether a class body assigns a name by which it could give the setting.
fn binds_end_of(body: &[Stmt], setting: &str) -> bool {
    let fits =
        |target: &Expr| matches!(target, Expr::Name(own) if setting.ends_with(own.id.as_str()));
    body.iter().any(|statement| match statement {
        Stmt::Assign(assign) => assign.targets.iter().any(fits),
        Stmt::AnnAssign(assign) => fits(&assign.target),
        _ => false,
    })
}

/// What one class gives; `None` for other settings, and where a method of the class has the last word.
fn setting_of(class: &Arc<ClassDefinition>, module: &Module, name: &str) -> Option<Value> {
    let is_conf = ancestry(class)
        .iter()
        .filter_map(name_of)
        .any(|base| base.last() == "AppConf" && base.as_str().starts_with("appconf."));
    is_conf.then_some(())?;
    let prefix = prefix(class, module)?.to_uppercase();
    let (own, value) = class.body.iter().find(|(own, _)| {
        let is_setting = own.chars().any(char::is_uppercase) && own.to_uppercase() == **own;
        let prefixed = if own.starts_with(&prefix) {
            own.to_string()
        } else {
            format!("{prefix}_{own}")
        };
        is_setting && prefixed == name
    })?;
    let configured = class
        .attribute(&format!("configure_{}", own.to_lowercase()))
        .or_else(|| class.attribute("configure"));
    configured.is_none().then(|| value.clone())
}

/// The one of `Meta`, else the name of the package that the module stands in.
fn prefix(class: &Arc<ClassDefinition>, module: &Module) -> Option<String> {
    let meta = ancestry(class).iter().find_map(|ancestor| match ancestor {
        Ancestor::Class(class) => class.attribute("Meta").cloned(),
        Ancestor::Name(_) | Ancestor::Unknown(_) => None,
    });
    let given = match meta.as_ref().map(|meta| &meta.kind) {
        Some(ValueKind::Class(meta)) => meta
            .attribute("prefix")
            .or_else(|| meta.attribute("app_label"))
            .cloned(),
        Some(_) => return None,
        None => None,
    };
    match given {
        Some(given) => given.as_str().map(str::to_owned),
        None => module.name.rsplit('.').nth(1).map(str::to_owned),
    }
}

/// The modules under `path` that a module imports from.
fn imported_parts<'m>(module: &'m Module, path: &'m str) -> impl Iterator<Item = String> + 'm {
    module
        .tree
        .statements()
        .iter()
        .filter_map(move |statement| match statement {
            Stmt::ImportFrom(import) => {
                let from = import.module.as_ref()?.id.as_str();
                match import.level {
                    0 => from
                        .starts_with(&format!("{path}."))
                        .then(|| from.to_owned()),
                    1 => Some(format!("{path}.{from}")),
                    _ => None,
                }
            }
            _ => None,
        })
}
