//! Reads one source file with `syn`: every path that it names, resolved from the crate's root, and the size of
//! every function. What is compiled for unit tests alone is left out.

use std::collections::HashMap;

use proc_macro2::{LineColumn, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// A path as the compiler would look it up: `["crate", "schema", "Change"]` or `["std", "fs", "read"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) path: Vec<String>,
    pub(crate) line: usize,
}

#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// How many parameters it takes, `self` not counted.
    pub(crate) parameters: usize,
    /// From `fn` to the closing brace.
    pub(crate) lines: usize,
    pub(crate) line: usize,
}

/// What the rules of the architecture are about, in one file.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) names: Vec<Named>,
    pub(crate) functions: Vec<Function>,
    /// Modules declared, by their own name.
    pub(crate) modules: Vec<Named>,
}

/// Reads a file; `path` is relative to `src`, as in `django/graph.rs`.
pub(crate) fn contents(path: &str, text: &str) -> Result<Contents, syn::Error> {
    let mut reader = Reader {
        module: module_of(path),
        ..Reader::default()
    };
    reader.visit_file(&syn::parse_file(text)?);
    Ok(reader.resolved())
}

/// The module that a file is: `["django", "graph"]`; the crate's root is empty.
pub(crate) fn module_of(path: &str) -> Vec<String> {
    let mut module = path
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let last = module.last().map(String::as_str);
    if last == Some("mod") || matches!(path, "lib.rs" | "main.rs") {
        module.pop();
    }
    module
}

/// A path as written, and the module it is written in.
struct Written {
    module: Vec<String>,
    path: Vec<String>,
    at: LineColumn,
}

#[derive(Default)]
struct Reader {
    module: Vec<String>,
    written: Vec<Written>,
    /// What a name brought in by `use` stands for, by module and name.
    imported: HashMap<(Vec<String>, String), Vec<String>>,
    contents: Contents,
}

impl Reader {
    fn name(&mut self, path: Vec<String>, span: Span) {
        self.written.push(Written {
            module: self.module.clone(),
            path,
            at: span.start(),
        });
    }

    fn import(&mut self, tree: &syn::UseTree, mut prefix: Vec<String>) {
        match tree {
            syn::UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.import(&path.tree, prefix);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, prefix.clone());
                }
            }
            syn::UseTree::Glob(glob) => {
                prefix.push("*".to_owned());
                self.name(prefix, glob.star_token.spans[0]);
            }
            syn::UseTree::Name(name) => self.bind(prefix, &name.ident, &name.ident),
            syn::UseTree::Rename(rename) => self.bind(prefix, &rename.ident, &rename.rename),
        }
    }

    /// `use prefix::name as bound`; `prefix::{self as bound}` names the prefix itself.
    fn bind(&mut self, mut path: Vec<String>, name: &syn::Ident, bound: &syn::Ident) {
        let mut bound_as = bound.to_string();
        if name == "self" && !path.is_empty() {
            if bound == "self" {
                bound_as = path.last().cloned().unwrap_or_default();
            }
        } else {
            path.push(name.to_string());
        }
        if path.len() > 1 || path[0] != bound_as {
            self.imported
                .insert((self.module.clone(), bound_as), path.clone());
        }
        self.name(path, name.span());
    }

    /// Paths inside the arguments of a macro, which `syn` does not parse.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens = tokens.into_iter().collect::<Vec<_>>();
        let mut index = 0;
        while index < tokens.len() {
            match &tokens[index] {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(first) => {
                    let mut path = vec![first.to_string()];
                    while let Some(next) = after_colons(&tokens[index + 1..]) {
                        path.push(next);
                        index += 3;
                    }
                    let called = matches!(tokens.get(index + 1), Some(TokenTree::Punct(mark)) if mark.as_char() == '!');
                    if called {
                        path.push("!".to_owned());
                    }
                    self.name(path, first.span());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            index += 1;
        }
    }

    fn function(&mut self, signature: &syn::Signature, end: Span) {
        let line = signature.fn_token.span.start().line;
        self.contents.functions.push(Function {
            name: signature.ident.to_string(),
            parameters: signature
                .inputs
                .iter()
                .filter(|input| matches!(input, syn::FnArg::Typed(_)))
                .count(),
            lines: end.end().line + 1 - line,
            line,
        });
    }

    fn resolved(mut self) -> Contents {
        for written in std::mem::take(&mut self.written) {
            let path = self.absolute(&written.module, written.path, 0);
            self.contents.names.push(Named {
                path,
                line: written.at.line,
            });
        }
        self.contents
    }

    fn absolute(&self, module: &[String], mut path: Vec<String>, depth: usize) -> Vec<String> {
        let in_crate =
            |module: &[String], rest: &[String]| [&["crate".to_owned()], module, rest].concat();
        match path[0].as_str() {
            "crate" => path,
            "hhschema" => in_crate(&[], &path[1..]),
            "self" => absolute_above(module, &path[1..]),
            "super" => absolute_above(module, &path),
            first => {
                let key = (module.to_vec(), first.to_owned());
                match self.imported.get(&key) {
                    Some(stands_for) if depth < 8 => {
                        path.splice(0..1, stands_for.iter().cloned());
                        self.absolute(module, path, depth + 1)
                    }
                    _ => path,
                }
            }
        }
    }
}

fn absolute_above(module: &[String], path: &[String]) -> Vec<String> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    let kept = &module[..module.len().saturating_sub(ups)];
    [&["crate".to_owned()], kept, &path[ups..]].concat()
}

fn after_colons(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [
            TokenTree::Punct(first),
            TokenTree::Punct(second),
            TokenTree::Ident(next),
            ..,
        ] if first.as_char() == ':' && second.as_char() == ':' => Some(next.to_string()),
        _ => None,
    }
}

/// True for `#[cfg(test)]` and `#[test]`.
fn for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        meta => meta.path().is_ident("test"),
    })
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let line = item.ident.span().start().line;
        self.contents.modules.push(Named {
            path: vec![item.ident.to_string()],
            line,
        });
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(&item.tree, Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        self.name(parts, path.segments[0].ident.span());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        let mut parts = called
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect::<Vec<_>>();
        parts.push("!".to_owned());
        self.name(parts, called.path.segments[0].ident.span());
        self.tokens(called.tokens.clone());
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, item.block.brace_token.span.close());
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, item.block.brace_token.span.close());
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        let end = item
            .default
            .as_ref()
            .map_or(item.sig.paren_token.span.close(), |block| {
                block.brace_token.span.close()
            });
        self.function(&item.sig, end);
        visit::visit_trait_item_fn(self, item);
    }
}
