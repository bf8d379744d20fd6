//! The command line.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::{DEPLOYS, FailOn, django_version};
use crate::fix::Choice;
use crate::lint::Deploy;
use crate::postgres::Version;
use crate::report::{Format, SqlFormat};

/// Finds what a schema migration will break, and where a live database has drifted; writes the repair. Django on PostgreSQL, with no
/// Django boot, and no database needed to lint.
#[derive(Debug, Parser)]
#[command(name = "hhschema", version, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find what migrations, models and SQL will break
    #[command(after_long_help = AFTER_LINT, mut_arg("schema", |schema| schema.value_name("PATH").help(LINT_SCHEMA)))]
    Lint(Box<LintArguments>),
    /// Compare a live database with its migrations and the models, read-only
    #[command(after_long_help = AFTER_DRIFT)]
    Drift(Box<DriftArguments>),
    /// Write the repair of what `lint` and `drift` find: as SQL, as migrations and edits; or try it
    #[command(after_long_help = AFTER_FIX)]
    Fix(Box<FixArguments>),
    /// Print the SQL that migrations run, as Django sends it; with no Django, and no database needed
    #[command(after_long_help = AFTER_SQL)]
    Sql(Box<SqlArguments>),
    /// Print the page of a rule: what it finds, why, and what to write instead
    Explain {
        /// The rule's name, as `hhschema rules` lists it
        rule: String,
    },
    /// List all rules, with their level, whether they are on by default, and what they find
    Rules,
}

/// Of `lint`, where no database is asked the word means a file.
const LINT_SCHEMA: &str = "The schema that SQL scripts find: a file of SQL, as `pg_dump --schema-only` prints it. With `--unapplied` the \
name of a schema to read in place of those of the role's search_path; may be given several times then";

/// A paragraph is one line here: clap wraps it to the terminal.
const AFTER_LINT: &str = "\
Which migrations are new:
Locks, rewrites and what breaks running code are judged on new migrations only; the state that all of them \
lead to is always judged. New are, by the first of these that applies: all with `--all`; what was added since \
`--since REV`, or comes after `after` in the configuration; files named on the command line; in a git \
repository what is untracked, uncommitted, or added since the merge base with the base branch; else all. The \
summary says which it was.

Suppression:
A comment `# hhschema: ignore[rule] reason`, in SQL `-- hhschema: ignore[rule] reason`, on a line of the \
statement or on its own line above it.

Exit codes:
  0  no finding at or over the fail level
  1  findings at or over the fail level (`--fail-on`, by default `error`)
  2  some work could not be done: a path, a file, the configuration; the rest is linted all the same

Examples:
  hhschema lint
  hhschema lint --all --format json shop/
  hhschema lint --schema schema.sql 0042_add_due.sql
  python manage.py sqlmigrate shop 0042 | hhschema lint -";

const AFTER_DRIFT: &str = "\
Three sides are compared: the database, the catalog that the migrations which it has recorded leave when they are replayed, \
and the models. What hurts now comes first: INSERTs that fail, queries that fail, writes that fail, a next `migrate` that \
fails; then what differs silently, then names. What a migration that is not applied yet explains is said to be pending.

The database is read in one read-only transaction; a role with CONNECT and USAGE is enough.

Exit codes:
  0  no finding at or over the fail level
  1  findings at or over the fail level (`--fail-on`, by default `error`)
  2  some work could not be done: the database, a path, a file, the configuration

Examples:
  hhschema drift --database-url postgres://app@db.example.org/shop
  DATABASE_URL=postgres://... hhschema drift --format json";

const AFTER_FIX: &str = "\
Which repairs are taken:
A finding with one safe repair is repaired. Where there are alternatives, or the only one loses something, nothing is done \
until `--choose` names one: by its name for every finding that has such a repair, or for one finding alone, as the list \
shows them. `RULE:OBJECT=none` leaves a finding as it is. What was not chosen is told on standard error.

With a database (`--database-url`, DATABASE_URL, PGHOST and the like) its differences are repaired, and what `lint` knows how to \
repair; without one what can be known from the files. Scripts and diffs go to standard output; the database is only read, unless \
`--verify` asks for a trial.

Exit codes:
  0  all of it is repaired by what was written
  1  a finding waits for `--choose`, or has to be repaired by hand; or a trial failed
  2  some work could not be done: the database, a path, a file, the configuration; or a trial that could not be held

Examples:
  hhschema fix --database-url postgres://app@db.example.org/shop
  hhschema fix --emit-sql --choose set-default > repair.sql
  hhschema fix --emit-sql --rollback --choose set-default > rollback.sql
  hhschema fix --emit-migration --write";

const AFTER_SQL: &str = "\
What is printed is what `migrate` runs on a database at the state before the migration, statement by statement as Django's schema \
editor sends it: the names of constraints that Django looks up included, and the foreign keys that it drops and makes again. As text \
it reads like the output of `sqlmigrate`. An operation that cannot be followed is named, with the reason, and the rest is printed.

Exit codes:
  0  printed, whether or not all of it could be analysed
  2  some work could not be done: a path, a file, the configuration, the database, a migration that there is not

Examples:
  hhschema sql shop 0021
  hhschema sql shop 0021 --reverse
  hhschema sql --unapplied --database-url postgres://app@db.example.org/shop
  hhschema sql --format json > migrations.json";

/// The project, and how it is judged and told.
#[derive(Debug, Args)]
pub(super) struct ProjectArguments {
    /// Projects, folders, migrations (.py), SQL files (.sql) or folders of SQL migrations; `-` is SQL on standard input
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingArguments,
    /// Run these rules only: names, categories, `default` or `all`, separated by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Leave these rules out
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Exit with 1 from this level of finding on [default: error]
    #[arg(long, value_enum, value_name = "LEVEL", hide_default_value = true)]
    pub fail_on: Option<FailOn>,
}

/// How a project is read.
#[derive(Debug, Args)]
pub(super) struct ReadingArguments {
    /// The settings file, read without running it (else the one that manage.py names)
    #[arg(long, value_name = "PATH")]
    pub settings: Option<PathBuf>,
    /// A folder to find imported packages in, beside the virtual environment; may be given several times
    #[arg(long, value_name = "DIR")]
    pub python_path: Vec<PathBuf>,
    /// The configuration file, in place of the nearest hhschema.toml or pyproject.toml
    #[arg(long, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// The oldest Django that is supported, as `4.2` [default: what the project says]
    #[arg(long, value_name = "V", value_parser = django_version)]
    pub django: Option<String>,
}

/// The live database: nothing is written to it that is not asked for.
#[derive(Debug, Args)]
pub(super) struct DatabaseArguments {
    /// Where the database is, as `postgres://user@host/name` (else DATABASE_URL, else PGHOST and the like)
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// A schema to read in place of those of the role's search_path; may be given several times
    #[arg(long, value_name = "NAME")]
    pub schema: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct LintArguments {
    #[command(flatten)]
    pub project: ProjectArguments,
    /// Judge every migration as though it were new
    #[arg(long, conflicts_with = "since")]
    pub all: bool,
    /// Judge the migrations added since this revision of git as new
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// Judge what the next `migrate` of the database runs, on its live catalog
    #[arg(long, conflicts_with_all = ["all", "since"])]
    pub unapplied: bool,
    #[command(flatten)]
    pub database: DatabaseArguments,
    /// How findings are written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Whether old code runs while a migration does [default: rolling]
    #[arg(long, value_enum, value_name = "MODE")]
    pub deploy: Option<Deploy>,
    /// The oldest PostgreSQL server that is supported, as `13`
    #[arg(long, value_name = "V")]
    pub postgres: Option<Version>,
}

#[derive(Debug, Args)]
pub(super) struct DriftArguments {
    #[command(flatten)]
    pub project: ProjectArguments,
    #[command(flatten)]
    pub database: DatabaseArguments,
    /// How findings are written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(super) struct FixArguments {
    #[command(flatten)]
    pub project: ProjectArguments,
    #[command(flatten)]
    pub database: DatabaseArguments,
    /// Repair what the files tell, whatever database the environment names
    #[arg(long, conflicts_with_all = ["database_url", "schema", "verify"])]
    pub no_database: bool,
    /// Take this repair: NAME for every finding that has it, or RULE:OBJECT=NAME; of several names the first that a finding has
    #[arg(long, value_name = "NAME")]
    pub choose: Vec<Choice>,
    /// Print the SQL that repairs the database, for `psql`
    #[arg(long, group = "delivery")]
    pub emit_sql: bool,
    /// Print the SQL that takes the repair back
    #[arg(long, requires = "emit_sql")]
    pub rollback: bool,
    /// Print the migrations and edits of the same repair as a diff
    #[arg(long, group = "delivery")]
    pub emit_migration: bool,
    /// Write them
    #[arg(long, requires = "emit_migration")]
    pub write: bool,
    /// Try the repair on the database: run it, look, and roll it back
    #[arg(long, group = "delivery")]
    pub verify: bool,
    /// Try the script as it is, too, on an empty copy of the database that is made on its server and dropped again
    #[arg(long, requires = "verify")]
    pub scratch: bool,
}

#[derive(Debug, Args)]
pub(super) struct SqlArguments {
    /// The label of an app: its migrations [default: those of all apps, in the order of `migrate`]
    pub app_label: Option<String>,
    /// A migration of that app, or the beginning of its name
    #[arg(value_name = "MIGRATION")]
    pub migration_name: Option<String>,
    /// What rolling the migration back runs
    #[arg(long)]
    pub reverse: bool,
    /// What the next `migrate` of the database runs, on its live catalog
    #[arg(long, conflicts_with = "reverse")]
    pub unapplied: bool,
    /// The folder of the project; may be given several times
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub project: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingArguments,
    #[command(flatten)]
    pub database: DatabaseArguments,
    /// How the statements are written
    #[arg(long, value_enum, default_value_t)]
    pub format: SqlFormat,
}

impl ValueEnum for SqlFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Text, Self::Json]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Text => PossibleValue::new("text").help("a script, as `sqlmigrate` prints it"),
            Self::Json => PossibleValue::new("json").help("for programs"),
        })
    }
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Human, Self::Concise, Self::Json, Self::Github]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Human => PossibleValue::new("human").help("with the lines of source, for people"),
            Self::Concise => PossibleValue::new("concise").help("a line per finding"),
            Self::Json => PossibleValue::new("json").help("for programs; versioned"),
            Self::Github => PossibleValue::new("github").help("annotations of GitHub Actions"),
        })
    }
}

impl ValueEnum for FailOn {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Error, Self::Warning, Self::Note, Self::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Never => "never",
        }))
    }
}

impl ValueEnum for Deploy {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Rolling, Self::Downtime]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let found = DEPLOYS.iter().find(|(_, deploy)| deploy == self);
        found.map(|(word, _)| PossibleValue::new(*word))
    }
}
