//! The names that statements bind or change.

use ruff_python_ast::{Alias, ExceptHandler, Expr, Stmt};

/// The names that statements bind or change, those of nested blocks too, those of nested scopes not.
pub(super) fn bound_names<'a>(body: &'a [Stmt], names: &mut Vec<&'a str>) {
    for statement in body {
        bound_by_itself(statement, names);
        for block in blocks(statement) {
            bound_names(block, names);
        }
    }
}

fn bound_by_itself<'a>(statement: &'a Stmt, names: &mut Vec<&'a str>) {
    match statement {
        Stmt::ClassDef(class) => names.push(&class.name.id),
        Stmt::FunctionDef(function) => names.push(&function.name.id),
        Stmt::Import(import) => names.extend(import.names.iter().map(imported_as)),
        Stmt::ImportFrom(import) => names.extend(
            import
                .names
                .iter()
                .map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).id.as_str()),
        ),
        Stmt::Assign(assign) => assign
            .targets
            .iter()
            .for_each(|target| targets(target, names)),
        Stmt::AugAssign(assign) => targets(&assign.target, names),
        Stmt::AnnAssign(assign) => targets(&assign.target, names),
        Stmt::Delete(delete) => delete
            .targets
            .iter()
            .for_each(|target| targets(target, names)),
        Stmt::Expr(expression) => changed_by_call(&expression.value, names),
        Stmt::For(block) => targets(&block.target, names),
        Stmt::With(block) => block
            .items
            .iter()
            .filter_map(|item| item.optional_vars.as_ref())
            .for_each(|target| targets(target, names)),
        Stmt::Global(global) => names.extend(global.names.iter().map(|name| name.id.as_str())),
        Stmt::While(_)
        | Stmt::If(_)
        | Stmt::Try(_)
        | Stmt::Match(_)
        | Stmt::Return(_)
        | Stmt::TypeAlias(_)
        | Stmt::Raise(_)
        | Stmt::Assert(_)
        | Stmt::Nonlocal(_)
        | Stmt::Pass(_)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::IpyEscapeCommand(_) => {}
    }
}

/// The blocks of a statement that run in its own scope.
fn blocks(statement: &Stmt) -> Vec<&[Stmt]> {
    match statement {
        Stmt::For(block) => vec![&block.body, &block.orelse],
        Stmt::While(block) => vec![&block.body, &block.orelse],
        Stmt::With(block) => vec![&block.body],
        Stmt::If(block) => std::iter::once(&*block.body)
            .chain(block.elif_else_clauses.iter().map(|clause| &*clause.body))
            .collect(),
        Stmt::Try(block) => {
            let handlers = block.handlers.iter().map(|handler| {
                let ExceptHandler::ExceptHandler(handler) = handler;
                &*handler.body
            });
            std::iter::once(&*block.body)
                .chain(handlers)
                .chain([&*block.orelse, &*block.finalbody])
                .collect()
        }
        Stmt::Match(block) => block.cases.iter().map(|case| &*case.body).collect(),
        _ => Vec::new(),
    }
}

/// The name that `import a.b` or `import a.b as c` binds.
pub(super) fn imported_as(alias: &Alias) -> &str {
    alias.asname.as_ref().map_or_else(
        || alias.name.id.split('.').next().unwrap_or_default(),
        |name| name.id.as_str(),
    )
}

/// The name that an assignment to a target binds or changes: `a`, `a.b`, `a["b"]`, `(a, *b)`.
fn targets<'a>(target: &'a Expr, names: &mut Vec<&'a str>) {
    match target {
        Expr::Name(name) => names.push(&name.id),
        Expr::Attribute(_) | Expr::Subscript(_) => names.extend(root_name(target)),
        Expr::Starred(starred) => targets(&starred.value, names),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|item| targets(item, names)),
        Expr::List(list) => list.elts.iter().for_each(|item| targets(item, names)),
        _ => {}
    }
}

/// `a` of `a.b[0].c`.
pub(super) fn root_name(mut target: &Expr) -> Option<&str> {
    loop {
        match target {
            Expr::Name(name) => return Some(&name.id),
            Expr::Attribute(attribute) => target = &attribute.value,
            Expr::Subscript(subscript) => target = &subscript.value,
            _ => return None,
        }
    }
}

/// The methods of lists, dicts and sets that change them, and those of Django classes.
pub(super) const CHANGING_METHODS: &[&str] = &[
    "append",
    "extend",
    "insert",
    "remove",
    "pop",
    "clear",
    "sort",
    "reverse",
    "update",
    "setdefault",
    "add",
    "discard",
    "popitem",
];

fn changed_by_call<'a>(expression: &'a Expr, names: &mut Vec<&'a str>) {
    if let Expr::Call(call) = expression
        && let Expr::Attribute(method) = &*call.func
        && CHANGING_METHODS.contains(&method.attr.id.as_str())
    {
        names.extend(root_name(&method.value));
    }
}
