//! The commit that the working tree is compared with: a revision that is given, or where the branch began.

use super::base_branch::{BaseCandidates, branch, short};
use super::git::{Git, GitError, Reference, Status};

/// What to compare the working tree with.
pub(super) struct ComparedWith {
    /// `None`: only what is not committed is new.
    pub commit: Option<String>,
    pub words: String,
    pub advice: Option<String>,
    /// Whether `commit` is an ancestor of HEAD: only then a difference is an edit of ours.
    pub is_ancestor: bool,
}

impl ComparedWith {
    /// `--since REV`.
    pub(super) fn revision(git: &Git, revision: &str) -> Result<Self, GitError> {
        let commit = git
            .commit(revision)?
            .ok_or_else(|| GitError::UnknownRevision {
                revision: revision.to_owned(),
            })?;
        let merge_base = git.merge_base("HEAD", &commit)?;
        Ok(Self {
            is_ancestor: merge_base.is_some(),
            commit: Some(merge_base.unwrap_or(commit)),
            words: format!("since {revision}"),
            advice: None,
        })
    }

    /// The base branch that CI or the repository names; on that branch itself the commit before.
    pub(super) fn base_branch(
        git: &Git,
        status: &Status,
        head: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, GitError> {
        let candidates = BaseCandidates::of(environment);
        let Some(reference) = git.first_reference(&candidates.references)? else {
            return Self::missing(git, &candidates);
        };
        let is_on_it = status
            .branch
            .as_deref()
            .is_none_or(|current| current == branch(&reference.name));
        if is_on_it && reference.commit == head {
            return Self::parent(git, "");
        }
        let merge_base = git.merge_base(head, &reference.commit)?;
        if is_on_it && merge_base.as_deref() == Some(head) {
            return Self::parent(git, "");
        }
        Ok(match merge_base {
            Some(commit) => Self {
                commit: Some(commit),
                words: format!("since {}", short(&reference.name)),
                advice: None,
                is_ancestor: true,
            },
            None => Self::tip(git, reference),
        })
    }

    /// The base branch as it is now, where this clone does not tell where the two parted.
    fn tip(git: &Git, reference: Reference) -> Self {
        let name = short(&reference.name);
        let advice = format!(
            "HEAD and {name} have no common commit in this clone, so migrations were compared with {name} as it is now: {}",
            how_to_fetch(git, branch(&reference.name))
        );
        Self {
            words: format!("since {name}"),
            commit: Some(reference.commit),
            advice: Some(advice),
            is_ancestor: false,
        }
    }

    /// No base branch is in this clone.
    fn missing(git: &Git, candidates: &BaseCandidates) -> Result<Self, GitError> {
        let Some((branch, variable)) = &candidates.named_by else {
            let looked = candidates.words();
            let advice =
                format!("no base branch was found (looked for {looked}): give `--since REV`");
            return Self::parent(git, &advice);
        };
        let fetch = how_to_fetch(git, branch);
        Ok(Self::uncommitted(&format!(
            "{variable} names the base branch `{branch}`, which is not in this clone: {fetch}, or give `--since REV`"
        )))
    }

    /// On the base branch itself: what the last commit brought.
    fn parent(git: &Git, advice: &str) -> Result<Self, GitError> {
        match git.commit("HEAD^")? {
            Some(commit) => Ok(Self {
                commit: Some(commit),
                words: "since HEAD^".to_owned(),
                advice: (!advice.is_empty()).then(|| advice.to_owned()),
                is_ancestor: true,
            }),
            None if git.is_shallow => Ok(Self::uncommitted(
                "this clone is shallow and holds one commit: fetch more (`git fetch --deepen 1`; `fetch-depth: 2` for actions/checkout), or give `--since REV`",
            )),
            None => Ok(Self::uncommitted(advice)),
        }
    }

    fn uncommitted(advice: &str) -> Self {
        Self {
            commit: None,
            words: "since the last commit".to_owned(),
            advice: (!advice.is_empty()).then(|| advice.to_owned()),
            is_ancestor: false,
        }
    }
}

fn how_to_fetch(git: &Git, branch: &str) -> String {
    if git.is_shallow {
        format!(
            "this clone is shallow; fetch its history (`fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` for GitLab, else `git fetch --unshallow origin {branch}`)"
        )
    } else {
        format!("fetch it (`git fetch origin {branch}:refs/remotes/origin/{branch}`)")
    }
}
