//! Where releases of Django send different SQL, each with its source.

use crate::django::version::DjangoVersion;

/// The SQL of one release.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect(pub DjangoVersion);

impl Dialect {
    /// `sql_delete_column` in `db/backends/base/schema.py`: `CASCADE` until 5.2.
    pub(super) fn drop_column(self) -> &'static str {
        if self.0 < DjangoVersion::V6_0 {
            " CASCADE"
        } else {
            ""
        }
    }

    /// `quote_value` in `db/backends/postgresql/schema.py`: 4.2 doubles `%` in texts of index conditions and
    /// CHECKs, and what lands in the catalog is doubled.
    pub(super) fn doubles_percent(self) -> bool {
        self.0 < DjangoVersion::V5_0
    }

    /// `_delete_index_sql` in `db/backends/base/schema.py`: 4.2 leaves a deferred index in the queue.
    pub(super) fn discards_deferred_index(self) -> bool {
        self.0 >= DjangoVersion::V5_0
    }

    /// `_alter_field` in `db/backends/postgresql/schema.py`: since 5.0 a `_like` index comes back after its
    /// column changed to another text type.
    pub(super) fn like_index_returns(self) -> bool {
        self.0 >= DjangoVersion::V5_0
    }

    /// `_create_like_index_sql`: since 5.0 a foreign key looks at the collation of its target.
    pub(super) fn like_index_minds_target_collation(self) -> bool {
        self.0 >= DjangoVersion::V5_0
    }

    /// `_field_db_check`: since 5.0 a CHECK is not made again when only its column has another name.
    pub(super) fn keeps_check_of_renamed_column(self) -> bool {
        self.0 >= DjangoVersion::V5_0
    }

    /// `_model_indexes_sql` makes those of `index_together` until 5.0; since 5.1 `CreateModel` does, at once.
    pub(super) fn defers_index_together(self) -> bool {
        self.0 < DjangoVersion::V5_1
    }
}
