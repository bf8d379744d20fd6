//! The fenced blocks of a page, and the cases that they make.

use std::collections::BTreeMap;

/// A fenced block of a page.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) language: Language,
    pub(crate) role: Role,
    /// What stands after the role: `lock="SHARE" scan=false`.
    pub(crate) claims: BTreeMap<String, String>,
    pub(crate) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Language {
    Sql,
    Python,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Given,
    Fail,
    Pass,
    /// What somebody ran by hand on the database that the given migrations made.
    Database,
    /// What `fix` makes of the `fail` block before it.
    Fixed,
}

/// A `fail`, `pass` or `database` block with the `given` one that is in force.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) given: Option<Block>,
    pub(crate) block: Block,
    /// Of a `fixed` block: the `fail` block that it mends.
    pub(crate) mends: Option<Block>,
    /// From 1 among the blocks of its language and role on the page.
    number: usize,
}

/// A file of a block, and the line of it that each finding must stand on.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// What a page says of a finding.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// From 1.
    pub(crate) line: usize,
    pub(crate) level: String,
    /// Its message holds them; empty where the page leaves them open.
    pub(crate) words: String,
}

impl Case {
    /// `fail-1`, `pass-2`; with `python-` before it where it is Python.
    pub(crate) fn name(&self) -> String {
        let language = match self.block.language {
            Language::Sql => "",
            Language::Python => "python-",
        };
        let role = match self.block.role {
            Role::Fail => "fail",
            Role::Given | Role::Pass => "pass",
            Role::Database => "database",
            Role::Fixed => "fixed",
        };
        format!("{language}{role}-{}", self.number)
    }

    pub(crate) fn is_sql_fail(&self) -> bool {
        (self.block.language, self.block.role) == (Language::Sql, Role::Fail)
    }
}

impl Block {
    /// Whether a line of it is marked.
    pub(crate) fn is_marked(&self) -> bool {
        self.files("block")
            .iter()
            .any(|file| !file.marks().is_empty())
    }

    /// The files of the block; `script` is the name of an SQL block without file names.
    pub(crate) fn files(&self, script: &str) -> Vec<File> {
        let mut files: Vec<File> = Vec::new();
        for line in self.text.lines() {
            let named = line
                .strip_prefix("# file: ")
                .or_else(|| line.strip_prefix("-- file: "));
            if let Some(path) = named {
                files.push(File {
                    path: path.trim().to_owned(),
                    text: String::new(),
                });
                continue;
            }
            if files.is_empty() {
                assert_eq!(
                    self.language,
                    Language::Sql,
                    "a Python block begins with `# file: path`, not with: {line}"
                );
                files.push(File {
                    path: script.to_owned(),
                    text: String::new(),
                });
            }
            let file = files.last_mut().unwrap();
            file.text.push_str(line);
            file.text.push('\n');
        }
        for file in &mut files {
            let end = file.text.trim_end().len();
            file.text.truncate(end);
            file.text.push('\n');
        }
        files
    }
}

impl File {
    /// The file without the marks of a `fail` block.
    pub(crate) fn unmarked(&self) -> Self {
        let marks = self.marks();
        let lines = self.text.lines().enumerate().map(|(index, line)| {
            let is_marked = marks.iter().any(|mark| mark.line == index + 1);
            let code = line.rsplit_once("  # ").map_or(line, |(code, _)| code);
            if is_marked { code } else { line }
        });
        Self {
            path: self.path.clone(),
            text: lines.flat_map(|line| [line, "\n"]).collect(),
        }
    }

    /// The lines that a finding must stand on.
    pub(crate) fn marks(&self) -> Vec<Mark> {
        let marked = |line: &str| {
            let (_, mark) = line.rsplit_once("-- ").or_else(|| line.rsplit_once("# "))?;
            let (level, words) = mark.split_once(": ").unwrap_or((mark, ""));
            ["error", "warning", "note"]
                .contains(&level)
                .then(|| (level.to_owned(), words.to_owned()))
        };
        let lines = self.text.lines().enumerate();
        let marks = lines.filter_map(|(index, line)| {
            let (level, words) = marked(line)?;
            Some(Mark {
                line: index + 1,
                level,
                words,
            })
        });
        marks.collect()
    }
}

/// The `given`, `fail`, `pass`, `fixed` and `database` blocks of a page, in order; other fences are prose.
pub(crate) fn blocks(body: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<Option<Block>> = None;
    for line in body.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some(read_info(info)),
            (Some(_), Some("")) => blocks.extend(open.take().flatten()),
            (Some(Some(block)), _) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (Some(None) | None, _) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    blocks
}

fn read_info(info: &str) -> Option<Block> {
    let (language, rest) = info.split_once(' ')?;
    let (role, claims) = rest.split_once(' ').unwrap_or((rest, ""));
    let language = match language {
        "sql" => Language::Sql,
        "python" => Language::Python,
        _ => return None,
    };
    let role = match role {
        "given" => Role::Given,
        "fail" => Role::Fail,
        "pass" => Role::Pass,
        "fixed" => Role::Fixed,
        "database" => Role::Database,
        other => panic!("a block is `given`, `fail`, `pass`, `fixed` or `database`, not `{other}`"),
    };
    Some(Block {
        language,
        role,
        claims: read_claims(claims),
        text: String::new(),
    })
}

fn read_claims(text: &str) -> BTreeMap<String, String> {
    let table = text.replace("\" ", "\"\n").replace("true ", "true\n");
    let table = table.replace("false ", "false\n");
    let table: toml::Table = table.parse().expect("claims are `key=value`, as in TOML");
    let text = |value: toml::Value| value.as_str().map_or(value.to_string(), str::to_owned);
    table
        .into_iter()
        .map(|(key, value)| (key, text(value)))
        .collect()
}

/// Each `fail`, `pass` and `fixed` block with what is given for it.
pub(crate) fn cases(blocks: &[Block]) -> Vec<Case> {
    let mut given: BTreeMap<Language, Block> = BTreeMap::new();
    let mut numbers: BTreeMap<(Language, Role), usize> = BTreeMap::new();
    let mut cases = Vec::new();
    let mut failing: Option<Block> = None;
    for block in blocks {
        if block.role == Role::Given {
            given.insert(block.language, block.clone());
            continue;
        }
        // The migrations that made the database are Python.
        let language = match block.role {
            Role::Database => Language::Python,
            Role::Given | Role::Fail | Role::Pass | Role::Fixed => block.language,
        };
        if block.role == Role::Fail {
            failing = Some(block.clone());
        }
        let number = numbers.entry((block.language, block.role)).or_default();
        *number += 1;
        cases.push(Case {
            given: given.get(&language).cloned(),
            block: block.clone(),
            mends: failing.clone().filter(|_| block.role == Role::Fixed),
            number: *number,
        });
    }
    cases
}
