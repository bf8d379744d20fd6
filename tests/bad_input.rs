//! Bad input gets a clear message with the file and the line, the rest is still linted, nothing panics or hangs.

#![allow(
    clippy::unwrap_used,
    reason = "a failure here is a failure of the test"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Long enough for a debug build on a busy machine; a hang is a hang.
const PATIENCE: Duration = Duration::from_mins(1);

const FAULTY: &str = r#"
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.AddField("order", "due", models.DateField())]
"#;

const INITIAL: &str = r#"
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True, serialize=False))],
        ),
    ]
"#;

/// A project of one app with one finding (`not-null-without-default` in 0002), to see that it is still linted.
struct Project(TempDir);

impl Project {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let project = Self(folder);
        project.write("pyproject.toml", "");
        project.write("shop/__init__.py", "");
        project.write("shop/migrations/__init__.py", "");
        project.write("shop/migrations/0001_initial.py", INITIAL);
        project.write("shop/migrations/0002_due.py", FAULTY);
        project
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn lint(&self, arguments: &[&str]) -> Answer {
        let begun = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
            .args(["lint", "--all", "--format", "concise"])
            .args(arguments)
            .current_dir(self.root())
            .output()
            .unwrap();
        assert!(begun.elapsed() < PATIENCE, "took {:?}", begun.elapsed());
        Answer::new(&output)
    }
}

#[derive(Debug)]
struct Answer {
    code: Option<i32>,
    text: String,
}

impl Answer {
    fn new(output: &Output) -> Self {
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(!text.contains("panicked"), "{text}");
        Self {
            code: output.status.code(),
            text,
        }
    }

    /// Could not do all of the work, said where and why, and did the rest.
    #[track_caller]
    fn reports(&self, parts: &[&str]) {
        self.says(parts);
        assert!(
            self.text.contains("not-null-without-default"),
            "the rest was not linted: {self:?}"
        );
    }

    #[track_caller]
    fn says(&self, parts: &[&str]) {
        assert_eq!(self.code, Some(2), "{self:?}");
        for part in parts {
            assert!(self.text.contains(part), "no `{part}` in {self:?}");
        }
    }
}

#[test]
fn a_syntax_error_in_a_migration_is_named_with_its_line() {
    let project = Project::new();
    project.write(
        "shop/migrations/0003_broken.py",
        "from django.db import migrations\n\nclass Migration(migrations.Migration:\n    operations = [\n",
    );
    project.lint(&["."]).reports(&["0003_broken.py:3"]);
}

#[test]
fn an_empty_migration_file_is_named() {
    let project = Project::new();
    project.write("shop/migrations/0003_empty.py", "");
    project
        .lint(&["."])
        .reports(&["0003_empty.py", "Migration"]);
}

#[test]
fn a_binary_file_is_named() {
    let project = Project::new();
    project.write(
        "shop/migrations/0003_binary.py",
        b"\x7fELF\0\x01\x02\xff\xfe\0\0",
    );
    project.lint(&["."]).reports(&["0003_binary.py", "binary"]);
}

#[test]
fn invalid_utf8_is_named_with_its_line() {
    let project = Project::new();
    project.write("shop/migrations/0003_latin.py", b"# one\n# caf\xe9\n");
    project.lint(&["."]).reports(&["0003_latin.py:2", "UTF-8"]);
}

#[test]
fn a_file_of_ten_megabytes_is_read() {
    let project = Project::new();
    let filler = "# a long comment that says nothing at all, again and again\n".repeat(180_000);
    assert!(filler.len() > 10_000_000);
    project.write("shop/migrations/0002_due.py", format!("{FAULTY}{filler}"));
    let answer = project.lint(&["."]);
    assert_eq!(answer.code, Some(1), "{:?}", answer.code);
    assert!(answer.text.contains("0002_due.py:7"));
}

#[test]
fn a_cycle_of_dependencies_is_named() {
    let project = Project::new();
    for (name, other) in [("0003_a", "0004_b"), ("0004_b", "0003_a")] {
        project.write(
            &format!("shop/migrations/{name}.py"),
            format!(
                "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    \
                 dependencies = [(\"shop\", \"{other}\")]\n    operations = []\n"
            ),
        );
    }
    let answer = project.lint(&["."]);
    for part in ["0003_a", "0004_b", "cycle", "not-null-without-default"] {
        assert!(answer.text.contains(part), "no `{part}` in {answer:?}");
    }
    assert_ne!(answer.code, Some(0));
}

#[cfg(unix)]
#[test]
fn a_loop_of_links_ends() {
    let project = Project::new();
    std::os::unix::fs::symlink(project.root(), project.root().join("shop/again")).unwrap();
    std::os::unix::fs::symlink("self", project.root().join("shop/migrations/self")).unwrap();
    let answer = project.lint(&["."]);
    assert!(
        answer.text.contains("not-null-without-default"),
        "{answer:?}"
    );
    let findings = answer
        .text
        .lines()
        .filter(|line| line.contains("[not-null-without-default]"));
    assert_eq!(findings.count(), 1, "{answer:?}");
}

/// Root may read everything, so that the folder must be hidden from another user.
#[cfg(unix)]
#[test]
fn an_unreadable_folder_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    project.write("shop/closed/__init__.py", "");
    let closed = project.root().join("shop/closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(project.root(), fs::Permissions::from_mode(0o755)).unwrap();
    let answer = if fs::read_dir(&closed).is_err() {
        project.lint(&["."])
    } else {
        let output = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(readable_binary(&project))
            .args(["lint", "--all", "--format", "concise", "."])
            .current_dir(project.root())
            .output()
            .unwrap();
        Answer::new(&output)
    };
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    answer.reports(&["shop/closed"]);
}

/// A copy of the binary where a user without rights can run it: the build may stand in a closed home.
fn readable_binary(project: &Project) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let copy = project.root().join("hhschema");
    fs::copy(env!("CARGO_BIN_EXE_hhschema"), &copy).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
    copy
}

#[test]
fn a_path_that_does_not_exist_is_named() {
    let project = Project::new();
    project
        .lint(&["shop", "shop/migration"])
        .reports(&["shop/migration"]);
}

#[test]
fn deep_nesting_ends_with_a_message() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{1:", "}"),
        ("-", ""),
        ("not ", ""),
        ("f(", ")"),
    ] {
        let project = Project::new();
        let depth = 100_000;
        project.write(
            "shop/migrations/0003_deep.py",
            format!("x = {}1{}\n", open.repeat(depth), close.repeat(depth)),
        );
        let answer = project.lint(&["."]);
        assert!(
            answer.text.contains("0003_deep.py"),
            "{open}: {}",
            &answer.text[..answer.text.len().min(2000)]
        );
        assert!(answer.text.contains("not-null-without-default"), "{open}");
        assert_eq!(answer.code, Some(2), "{open}");
    }
}

#[test]
fn deep_nesting_in_sql_ends() {
    let project = Project::new();
    let depth = 100_000;
    project.write(
        "deep.sql",
        format!(
            "ALTER TABLE t ADD CHECK ({}1{} = 1);\nCREATE TABLE u (id int);\nALTER TABLE u ADD COLUMN id int;\n",
            "(".repeat(depth),
            ")".repeat(depth)
        ),
    );
    let answer = project.lint(&["deep.sql"]);
    assert!(
        answer.text.contains("deep.sql:3:1: error[created-twice]"),
        "{}",
        answer.text.len()
    );
}

#[test]
fn a_loop_in_the_evaluator_ends() {
    let project = Project::new();
    project.write(
        "shop/migrations/0003_loop.py",
        "from django.db import migrations\n\n\ndef forever(n):\n    return forever(n + 1)\n\n\nwhile True:\n    x = 1\n\n\n\
         class Migration(migrations.Migration):\n    dependencies = [(\"shop\", \"0002_due\")]\n    \
         operations = [forever(0)] + [x for x in range(10**9) for y in range(10**9)]\n    name = 'a' * 10**12\n",
    );
    let answer = project.lint(&["."]);
    assert!(
        answer.text.contains("not-null-without-default"),
        "{answer:?}"
    );
}

#[test]
fn unknown_configuration_keys_and_rules_are_refused_with_the_one_that_is_meant() {
    let project = Project::new();
    project.write("pyproject.toml", "[tool.hhschema]\n\nselct = []\n");
    project
        .lint(&["."])
        .says(&["pyproject.toml:3", "selct", "did you mean `select`"]);
    project.write(
        "pyproject.toml",
        "[tool.hhschema]\nignore = [\"blocking-indx\"]\n",
    );
    project.lint(&["."]).says(&[
        "pyproject.toml:2",
        "blocking-indx",
        "did you mean `blocking-index`",
    ]);
    project.write("pyproject.toml", "[tool.hhschema]\n");
    project
        .lint(&["--select", "blocking-indx", "."])
        .says(&["blocking-indx", "did you mean `blocking-index`"]);
}
