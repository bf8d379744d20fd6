//! Rolling back against real Django: what is written for an unapplied migration is what Django executes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod editor;
mod environment;

use editor::Way;
use environment::DjangoVersion;

/// Migrates the synthetic project with real Django, and rolls each migration back as soon as it ran.
fn every_statement_of_the_way_back_is_written(django: DjangoVersion) {
    if environment::left_out(&format!(
        "what is written for a rollback with Django {} is what it executes",
        django.name()
    )) {
        return;
    }
    let folder = environment::repository().join("testdata/editor");
    let compared = editor::compared_on(&folder, django, Way::ThereAndBack);
    assert!(
        compared.statements > 800,
        "only {} statements were written",
        compared.statements
    );
    compared.assert_nothing_differs(django);
}

#[test]
#[ignore = "takes as long as that of 5.2, and `random_operations` rolls back on every release: cargo test --test rollback -- --ignored"]
fn what_is_written_for_a_rollback_with_django_4_2_is_what_it_executes() {
    every_statement_of_the_way_back_is_written(DjangoVersion::V4_2);
}

#[test]
fn what_is_written_for_a_rollback_with_django_5_2_is_what_it_executes() {
    every_statement_of_the_way_back_is_written(DjangoVersion::V5_2);
}

#[test]
#[ignore = "takes as long as that of 5.2, and `random_operations` rolls back on every release: cargo test --test rollback -- --ignored"]
fn what_is_written_for_a_rollback_with_django_6_0_is_what_it_executes() {
    every_statement_of_the_way_back_is_written(DjangoVersion::V6_0);
}
