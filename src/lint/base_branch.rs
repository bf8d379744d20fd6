//! The branch that a change will be merged into, as CI or the repository names it.

/// The variables in which CI services give the target branch of a merge request: GitHub Actions, GitLab, Jenkins,
/// Bitbucket, Azure Pipelines (with `refs/heads/`), Buildkite.
const CI_VARIABLES: [&str; 6] = [
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "CHANGE_TARGET",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
];

/// Where to look for the base branch, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BaseCandidates {
    /// Full names of references.
    pub references: Vec<String>,
    /// The branch and the variable of CI that names it.
    pub named_by: Option<(String, &'static str)>,
}

impl BaseCandidates {
    /// Asks the environment, variable by variable; an empty variable is none (GitHub sets one on a push).
    pub(super) fn of(environment: &dyn Fn(&str) -> Option<String>) -> Self {
        let named = CI_VARIABLES.into_iter().find_map(|variable| {
            let value = environment(variable)?;
            let branch = value.trim().trim_start_matches("refs/heads/");
            is_branch_name(branch).then(|| (branch.to_owned(), variable))
        });
        let references = match &named {
            Some((branch, _)) => vec![
                format!("refs/remotes/origin/{branch}"),
                format!("refs/heads/{branch}"),
            ],
            None => [
                "refs/remotes/origin/HEAD",
                "refs/remotes/origin/main",
                "refs/remotes/origin/master",
                "refs/heads/main",
                "refs/heads/master",
            ]
            .map(str::to_owned)
            .to_vec(),
        };
        Self {
            references,
            named_by: named,
        }
    }

    /// The references as people write them: `origin/main, main`.
    pub(super) fn words(&self) -> String {
        let short = self.references.iter().map(|name| short(name));
        short.collect::<Vec<_>>().join(", ")
    }
}

/// `origin/main` for `refs/remotes/origin/main`.
pub(super) fn short(reference: &str) -> &str {
    reference
        .strip_prefix("refs/remotes/")
        .or_else(|| reference.strip_prefix("refs/heads/"))
        .unwrap_or(reference)
}

/// `main` for `refs/remotes/origin/main` and for `refs/heads/main`.
pub(super) fn branch(reference: &str) -> &str {
    reference
        .strip_prefix("refs/remotes/origin/")
        .or_else(|| reference.strip_prefix("refs/heads/"))
        .unwrap_or(reference)
}

/// Whether a text may stand in a reference's name: no space, no control character, none of git's own marks
/// (git-check-ref-format).
fn is_branch_name(text: &str) -> bool {
    let forbidden =
        |letter: char| letter.is_control() || letter.is_whitespace() || "~^:?*[\\".contains(letter);
    !text.is_empty() && !text.contains(forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_of_ci_comes_before_the_usual_names() {
        let of = |wanted: &'static str, value: &'static str| {
            BaseCandidates::of(&move |name| (name == wanted).then(|| value.to_owned()))
        };
        let github = of("GITHUB_BASE_REF", "release/2");
        assert_eq!(github.words(), "origin/release/2, release/2");
        let azure = of("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main");
        assert_eq!(azure.words(), "origin/main, main");
        let push = of("GITHUB_BASE_REF", "");
        assert_eq!(push.named_by, None);
        assert!(push.words().starts_with("origin/HEAD, origin/main"));
        let odd = of("CHANGE_TARGET", "ma*in");
        assert_eq!(odd.named_by, None);
    }
}
