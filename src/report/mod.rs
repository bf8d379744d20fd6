//! Renders findings: for people, for programs, for code review.
