//! Which migrations are new, in repositories made by git itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

mod repository;

use repository::{Repository, clone_of};

fn nothing(_: &str) -> Option<String> {
    None
}

fn request(folder: &Path) -> NewnessRequest {
    NewnessRequest {
        folder: folder.to_owned(),
        ..NewnessRequest::default()
    }
}

fn newness_in(folder: &Path) -> Newness {
    Newness::find(&request(folder), &nothing).unwrap()
}

fn key(app: &str, name: &str) -> MigrationKey {
    MigrationKey::new(app, name)
}

#[test]
fn of_a_thousand_committed_migrations_none_is_new_and_one_added_is() {
    let repository = Repository::with_migrations(1000);
    assert_eq!(repository.new_ones(), [0usize; 0]);
    assert_eq!(repository.words(), "since HEAD^");
    repository.write(1001, "untracked");
    assert_eq!(repository.new_ones(), [1001]);
    repository.git(&["add", "-A"]);
    assert_eq!(repository.new_ones(), [1001]);
    repository.commit("third");
    assert_eq!(repository.new_ones(), [1001]);
    repository.git(&["commit", "-q", "--allow-empty", "-m", "fourth"]);
    assert_eq!(repository.new_ones(), [0usize; 0]);
}

#[test]
fn on_a_feature_branch_all_that_was_added_since_the_merge_base_is_new() {
    let repository = Repository::with_migrations(3);
    repository.git(&["checkout", "-q", "-b", "feature"]);
    repository.write(4, "a");
    repository.commit("a");
    repository.write(5, "b");
    repository.commit("b");
    repository.git(&["checkout", "-q", "main"]);
    repository.write(6, "elsewhere");
    repository.write(3, "edited on main");
    repository.commit("c");
    repository.git(&["checkout", "-q", "feature"]);
    assert_eq!(repository.new_ones(), [4, 5]);
    assert_eq!(repository.words(), "since main");
    let all = [3, 4].map(|number| repository.migration(number));
    assert_eq!(repository.newness().released(&all).unwrap(), []);
    repository.git(&["checkout", "-q", "--detach"]);
    assert_eq!(repository.new_ones(), [4, 5]);
}

#[test]
fn an_edited_migration_is_new_until_it_is_committed_and_its_released_text_is_known() {
    let repository = Repository::with_migrations(3);
    repository.git(&["checkout", "-q", "-b", "feature"]);
    repository.write(2, "edited");
    assert_eq!(repository.new_ones(), [2]);
    repository.commit("edit");
    assert_eq!(repository.new_ones(), [0usize; 0]);
    let paths = [1, 2, 3].map(|number| repository.migration(number));
    let released = repository.newness().released(&paths).unwrap();
    assert_eq!(
        released,
        [Released {
            path: repository.migration(2),
            text: "# 2 base\n".to_owned()
        }]
    );
}

#[test]
fn a_detached_head_on_the_base_branch_is_counted_from_its_parent() {
    let repository = Repository::with_migrations(3);
    repository.write(4, "a");
    repository.commit("a");
    repository.git(&["checkout", "-q", "--detach"]);
    assert_eq!(repository.new_ones(), [4]);
    assert_eq!(repository.words(), "since HEAD^");
}

#[test]
fn a_fresh_branch_has_nothing_new_of_its_own() {
    let repository = Repository::with_migrations(3);
    repository.write(4, "a");
    repository.commit("a");
    repository.git(&["checkout", "-q", "-b", "feature"]);
    assert_eq!(repository.new_ones(), [0usize; 0]);
    assert_eq!(repository.words(), "since main");
}

#[test]
fn commits_that_are_not_pushed_are_new_on_the_base_branch() {
    let origin = Repository::with_migrations(3);
    let clone = clone_of(&origin, &[]);
    clone.write(4, "a");
    clone.commit("a");
    clone.write(5, "b");
    clone.commit("b");
    assert_eq!(clone.new_ones(), [4, 5]);
    assert_eq!(clone.words(), "since origin/main");
}

#[test]
fn before_the_first_commit_and_outside_a_repository_all_are_new() {
    let repository = Repository::empty();
    repository.write(1, "a");
    assert_eq!(repository.new_ones(), [1]);
    assert!(repository.words().contains("nothing is committed"));
    let folder = tempfile::tempdir().unwrap();
    let newness = newness_in(folder.path());
    assert_eq!(newness.basis.kind, BasisKind::NoGit);
    assert_eq!(newness.basis.kind.deployment(), Deployment::EachMigration);
    assert!(newness.is_new(&folder.path().join("0001_a.py"), None));
}

#[test]
fn a_renamed_migration_is_new_and_a_moved_app_is_not() {
    let repository = Repository::with_migrations(3);
    repository.git(&["checkout", "-q", "-b", "feature"]);
    repository.git(&[
        "mv",
        "shop/migrations/0003_step.py",
        "shop/migrations/0007_step.py",
    ]);
    repository.commit("rename");
    assert_eq!(repository.new_ones(), [7]);
    repository.git(&["mv", "shop", "store"]);
    repository.commit("move");
    let newness = repository.newness();
    let moved = |name: &str| repository.top().join("store/migrations").join(name);
    assert!(!newness.is_new(&moved("0001_step.py"), None));
    assert!(newness.is_new(&moved("0007_step.py"), None));
}

#[test]
fn a_subfolder_and_a_second_working_tree_know_their_repository() {
    let repository = Repository::with_migrations(3);
    repository.write(4, "a");
    let newness = newness_in(&repository.top().join("shop/migrations"));
    assert!(newness.is_new(&repository.migration(4), None));
    assert!(!newness.is_new(&repository.migration(3), None));
    let outside = tempfile::tempdir().unwrap();
    let tree = outside.path().join("tree");
    repository.git(&[
        "worktree",
        "add",
        "-q",
        "-b",
        "other",
        tree.to_str().unwrap(),
    ]);
    let added = tree.join("shop/migrations/0009_step.py");
    std::fs::write(&added, "# 9\n").unwrap();
    let newness = newness_in(&tree);
    assert!(newness.is_new(&added, None));
    assert!(!newness.is_new(&tree.join("shop/migrations/0003_step.py"), None));
}

#[test]
fn a_shallow_clone_says_so_and_how_to_mend_it() {
    let origin = Repository::with_migrations(3);
    let clone = clone_of(&origin, &["--depth", "1"]);
    assert_eq!(clone.new_ones(), [0usize; 0]);
    let advice = clone.newness().basis.advice.unwrap();
    assert!(
        advice.contains("shallow") && advice.contains("git fetch --deepen"),
        "{advice}"
    );
    clone.write(4, "a");
    assert_eq!(clone.new_ones(), [4]);
}

#[test]
fn a_shallow_feature_branch_is_compared_with_the_tip_of_its_base() {
    let origin = Repository::with_migrations(3);
    origin.git(&["checkout", "-q", "-b", "feature"]);
    origin.write(4, "a");
    origin.commit("a");
    origin.git(&["checkout", "-q", "main"]);
    origin.write(5, "b");
    origin.commit("b");
    let clone = clone_of(
        &origin,
        &["--depth", "1", "--no-single-branch", "-b", "feature"],
    );
    assert_eq!(clone.new_ones(), [4]);
    let advice = clone.newness().basis.advice.unwrap();
    assert!(advice.contains("--unshallow origin main"), "{advice}");
}

#[test]
fn a_base_branch_that_ci_names_and_the_clone_lacks_is_told() {
    let repository = Repository::with_migrations(3);
    let ci = |name: &str| (name == "GITHUB_BASE_REF").then(|| "release".to_owned());
    let newness = Newness::find(&request(&repository.top()), &ci).unwrap();
    let advice = newness.basis.advice.unwrap();
    assert!(
        advice.contains("GITHUB_BASE_REF names the base branch `release`"),
        "{advice}"
    );
    assert!(advice.contains("git fetch origin release"), "{advice}");
}

#[test]
fn since_a_revision_is_answered_and_a_wrong_one_refused() {
    let repository = Repository::with_migrations(2);
    repository.git(&["tag", "v1"]);
    for number in [3, 4] {
        repository.write(number, "a");
        repository.commit("a");
    }
    let since = |revision: &str| {
        let request = NewnessRequest {
            since: Some(revision.to_owned()),
            ..request(&repository.top())
        };
        Newness::find(&request, &nothing)
    };
    let newness = since("v1").unwrap();
    assert!(newness.is_new(&repository.migration(3), None));
    assert!(!newness.is_new(&repository.migration(2), None));
    assert_eq!(newness.basis.words, "since v1");
    assert_eq!(newness.basis.kind.deployment(), Deployment::AllNewTogether);
    for wrong in ["v9", "--help", "", "v1\nv1"] {
        let error = since(wrong).unwrap_err();
        assert!(
            matches!(error, GitError::UnknownRevision { .. }),
            "{wrong}: {error}"
        );
    }
}

#[test]
fn all_comes_first_then_after_then_files() {
    let repository = Repository::with_migrations(3);
    let all = NewnessRequest {
        all: true,
        since: Some("nowhere".to_owned()),
        ..request(&repository.top())
    };
    let newness = Newness::find(&all, &nothing).unwrap();
    assert!(newness.is_new(&repository.migration(1), None));
    let after = NewnessRequest {
        after: [("shop".to_owned(), "0002".to_owned())].into(),
        files: vec![repository.migration(1)],
        ..request(&repository.top())
    };
    let newness = Newness::find(&after, &nothing).unwrap();
    let judged = |app: &str, name: &str, number| {
        newness.is_new(&repository.migration(number), Some(&key(app, name)))
    };
    assert!(!judged("shop", "0002_step", 2));
    assert!(judged("shop", "0003_step", 3));
    assert!(judged("other", "0001_step", 1));
    assert!(!judged("other", "0003_step", 3));
}

#[test]
fn files_named_on_the_command_line_are_new_and_alone_so_unless_folders_are_named_too() {
    let repository = Repository::with_migrations(3);
    repository.write(4, "a");
    let mut named = NewnessRequest {
        files: vec![repository.migration(1), PathBuf::from("<stdin>")],
        ..request(&repository.top())
    };
    let judged = |named: &NewnessRequest| {
        let newness = Newness::find(named, &nothing).unwrap();
        assert!(newness.is_new(Path::new("<stdin>"), None));
        [1, 3, 4].map(|number| newness.is_new(&repository.migration(number), None))
    };
    assert_eq!(judged(&named), [true, false, false]);
    named.folders_too = true;
    assert_eq!(judged(&named), [true, false, true]);
}

#[test]
fn a_migration_comes_after_by_number_and_then_by_name() {
    assert!(comes_after("0043_a", "0042"));
    assert!(!comes_after("0042_a", "0042"));
    assert!(comes_after("10000_a", "9999_b"));
    assert!(comes_after("0042_b", "0042_a"));
    assert!(!comes_after("0042_a", "0042_a"));
    assert!(comes_after("beta", "alpha"));
}

#[test]
fn the_index_of_a_commit_in_progress_is_used_and_that_of_another_repository_is_not() {
    use crate::lint::git::Git;
    let repository = Repository::with_migrations(1);
    let other = Repository::with_migrations(1);
    let index = repository.top().join(".git/next-index.lock");
    repository.write(2, "a");
    let path = repository.migration(2);
    let output = Command::new("git")
        .args(["-C", repository.top().to_str().unwrap()])
        .args(["add", path.to_str().unwrap()])
        .env("GIT_INDEX_FILE", &index)
        .output()
        .unwrap();
    assert!(output.status.success());
    let staged_for_removal = |git: &Git| {
        // The new index holds nothing but 0002: seen through it, 0001 is untracked and removed at once.
        git.status()
            .unwrap()
            .changed
            .contains(&repository.migration(1))
    };
    let index = Some(index.into_os_string());
    let own = Git::open_in_hook(&repository.top(), index.clone()).unwrap();
    assert!(staged_for_removal(&own));
    let unset = Git::open_in_hook(&repository.top(), None).unwrap();
    assert!(!staged_for_removal(&unset));
    let foreign = Git::open_in_hook(&other.top(), index).unwrap();
    assert_eq!(foreign.status().unwrap().changed.len(), 0);
}
