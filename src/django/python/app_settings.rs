//! Settings that an installed app sets when it is imported: `settings.SHOP_RATES = getattr(settings, "SHOP_RATES", {})`.

use std::sync::Arc;

use ruff_python_ast::{Expr, Stmt, StmtAssign};

use super::evaluate::Evaluator;
use super::frame::{Frame, Scope, ScopeKind};
use super::module::Module;
use super::value::{Value, ValueKind};

/// Where apps keep what they do to the settings.
const MODULES: [&str; 4] = ["conf", "settings", "app_settings", "apps"];
/// Marks a setting whose value is being looked for: inside it is not set yet.
const MARK: &str = "settings.";

impl Evaluator<'_> {
    /// The value that a module of an installed app gives a setting which the settings module does not have.
    pub(super) fn set_by_app(&mut self, name: &str) -> Option<Value> {
        let settings = self.python.settings_module()?;
        if self.waits(&settings, &format!("{MARK}{name}")) {
            return None;
        }
        let apps = self.global(&settings, "INSTALLED_APPS")?;
        let apps = apps.items()?.to_vec();
        apps.iter().filter_map(Value::as_str).find_map(|entry| {
            let assigned = MODULES.iter().find_map(|module| {
                let module = self.python.module_named(&format!("{entry}.{module}"))?;
                self.set_in(&module, name)
            });
            assigned.or_else(|| self.set_by_appconf(entry, name))
        })
    }

    fn set_in(&mut self, module: &Arc<Module>, name: &str) -> Option<Value> {
        // Most modules do not speak of it: they are not looked into.
        module
            .file
            .text()
            .contains(&format!("{MARK}{name}"))
            .then_some(())?;
        let assigned = module
            .tree
            .statements()
            .iter()
            .filter_map(|statement| sets(statement, name))
            .next_back()?;
        let owner = self.global(module, assigned.0)?;
        let is_settings =
            matches!(&owner.kind, ValueKind::Name(path) if path.as_str() == "django.conf.settings");
        is_settings.then_some(())?;
        let settings = self.python.settings_module()?;
        let mut frame = Frame::new(module);
        frame.scopes.push(Scope::new(ScopeKind::Module));
        self.while_waiting(&settings, &format!("{MARK}{name}"), |evaluator| {
            evaluator.eval(&mut frame, &assigned.1.value)
        })
    }
}

/// `owner.NAME = value`: the owner and the statement.
fn sets<'s>(statement: &'s Stmt, name: &str) -> Option<(&'s str, &'s StmtAssign)> {
    let Stmt::Assign(assign) = statement else {
        return None;
    };
    let [Expr::Attribute(target)] = assign.targets.as_slice() else {
        return None;
    };
    let Expr::Name(owner) = &*target.value else {
        return None;
    };
    (target.attr.id.as_str() == name).then_some((owner.id.as_str(), assign))
}
