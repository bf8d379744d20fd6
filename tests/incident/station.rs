//! A copy of the test project that real Django runs and that `hhschema` may write to.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::environment::django::Project;
use crate::environment::{Database, DjangoVersion, Server, repository};

pub(crate) struct Station {
    _folder: TempDir,
    root: PathBuf,
    pub(crate) project: Project,
    /// The same without the line that lets it start in spite of chapter 1.
    strict: Project,
}

impl Station {
    pub(crate) fn of(django: DjangoVersion) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let testdata = repository().join("testdata");
        for part in ["hedgehog", "not-on-the-path"] {
            copy(&testdata.join(part), &folder.path().join(part));
        }
        let root = folder.path().join("hedgehog");
        if django == DjangoVersion::V4_2 {
            in_the_spelling_of_4_2(&root);
        }
        std::fs::write(
            root.join("station/strict.py"),
            "from station.deployed import *\n\nSILENCED_SYSTEM_CHECKS = []\n",
        )
        .unwrap();
        let project = |settings: &str| Project {
            python: django.python(),
            paths: vec![
                root.clone(),
                root.join("site-packages"),
                folder.path().join("not-on-the-path"),
            ],
            settings: settings.to_owned(),
        };
        Self {
            project: project("station.deployed"),
            strict: project("station.strict"),
            root,
            _folder: folder,
        }
    }

    /// What production had: it ran 0018 and 0019 on a 0006 that was edited later.
    /// By name, to be copied.
    pub(crate) fn deployed(&self, server: &Server) -> String {
        let database = server.database();
        self.manage(
            &database,
            &["migrate", "--verbosity", "0", "hedgehog", "0017"],
        );
        self.manage(
            &database,
            &["migrate", "--verbosity", "0", "--fake", "hedgehog", "0019"],
        );
        self.manage(&database, &["migrate", "--verbosity", "0"]);
        database.name().to_owned()
    }

    /// What a production had that stayed on the 0006 of the release and only recorded 0018 and 0019: by name.
    pub(crate) fn recorded_only(&self, server: &Server) -> String {
        let edited = self.root.join("hedgehog_plugin/migrations/0006_release.py");
        let text = std::fs::read_to_string(&edited).unwrap();
        let field = "                ('weather', models.CharField(blank=True, default='', max_length=40)),\n";
        let index = text.find("        migrations.AddIndex(").unwrap();
        assert!(text.contains(field));
        let released = format!("{}    ]\n", &text[..index]).replace(field, "");
        std::fs::write(&edited, released).unwrap();
        let database = server.database();
        self.manage(
            &database,
            &["migrate", "--verbosity", "0", "hedgehog", "0017"],
        );
        std::fs::write(&edited, text).unwrap();
        self.manage(
            &database,
            &["migrate", "--verbosity", "0", "--fake", "hedgehog", "0019"],
        );
        self.manage(&database, &["migrate", "--verbosity", "0"]);
        database.name().to_owned()
    }

    pub(crate) fn manage(&self, database: &Database, command: &[&str]) -> String {
        self.project
            .manage(database, command)
            .unwrap_or_else(|told| panic!("{command:?}: {told}"))
    }

    /// What Django's system check says when nothing is silenced.
    pub(crate) fn check(&self, database: &Database) -> Result<String, String> {
        self.strict
            .manage(database, &["check", "--database", "default"])
    }

    /// What `makemigrations` would write.
    pub(crate) fn pending_changes(&self, database: &Database) -> String {
        let command = [
            "makemigrations",
            "--dry-run",
            "--noinput",
            "--verbosity",
            "1",
        ];
        let told = self
            .project
            .manage(database, &command)
            .unwrap_or_else(|told| told);
        let is_change = |line: &&str| line.trim_start().starts_with(['+', '-', '~']);
        told.lines()
            .filter(is_change)
            .collect::<Vec<_>>()
            .join("\n")
    }

    pub(crate) fn drift(&self, database: &Database) -> serde_json::Value {
        let output = self.hhschema("drift", &["--format", "json"], Some(database));
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", told(&output)))
    }

    /// What `fix` prints; it may leave findings open.
    pub(crate) fn fix(&self, database: &Database, arguments: &[&str]) -> String {
        self.fixed(arguments, Some(database))
    }

    /// The same with the files alone.
    pub(crate) fn fix_files(&self, arguments: &[&str]) -> String {
        self.fixed(&[arguments, &["--no-database"]].concat(), None)
    }

    fn fixed(&self, arguments: &[&str], database: Option<&Database>) -> String {
        let output = self.hhschema("fix", arguments, database);
        assert!(
            output.status.code().is_some_and(|code| code < 2),
            "{}",
            told(&output)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn hhschema(&self, command: &str, arguments: &[&str], database: Option<&Database>) -> Output {
        let mut run = Command::new(env!("CARGO_BIN_EXE_hhschema"));
        run.current_dir(&self.root)
            .arg(command)
            .args(["--settings", "station/deployed.py"])
            .args(arguments)
            .arg(".")
            .env_remove("DATABASE_URL");
        if let Some(database) = database {
            run.env("DATABASE_URL", database.url());
        }
        run.output().unwrap()
    }
}

fn told(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (name, path) = (entry.file_name(), entry.path());
        if path.is_dir() {
            if name != "__pycache__" {
                copy(&path, &to.join(name));
            }
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

fn in_the_spelling_of_4_2(root: &Path) {
    let check = regex::Regex::new(r"(CheckConstraint\(\s*)condition=").unwrap();
    let database_default = regex::Regex::new(r",? ?db_default=\w+(, )?").unwrap();
    for entry in walkdir::WalkDir::new(root) {
        let path = entry.unwrap().into_path();
        if path.extension().is_none_or(|kind| kind != "py") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let text = check.replace_all(&text, "${1}check=");
        let text = database_default.replace_all(&text, "");
        std::fs::write(&path, text.as_ref()).unwrap();
    }
    let project = root.join("pyproject.toml");
    let text = std::fs::read_to_string(&project).unwrap();
    std::fs::write(&project, text.replace("Django>=5.2", "Django>=4.2,<5")).unwrap();
}
