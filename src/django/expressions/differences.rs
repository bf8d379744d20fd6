//! What differs between releases of Django in the SQL of expressions; the one place that asks for the release.
//!
//! Found by comparing the sources of 4.2, 5.0, 5.1, 5.2 and 6.0 (the last patch release of each) as they compile for
//! PostgreSQL; each method names its file.

use crate::django::version::DjangoVersion;

/// The function that makes an object of JSON, and what becomes of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonObjectForm {
    /// `JSONB_BUILD_OBJECT((key)::text, value)`.
    Build,
    /// `JSON_OBJECT(key VALUE value RETURNING JSONB)`.
    PlainKeys,
    /// `JSON_OBJECT(((key)::text) VALUE value RETURNING JSONB)`.
    CastKeys,
}

impl DjangoVersion {
    /// `quote_value` of the schema editor doubled each `%` of a text until 4.2, and so it stands in the catalog
    /// (`django/db/backends/postgresql/schema.py`, ticket 34553).
    pub(super) fn doubles_percent_of_text(self) -> bool {
        self < Self::V5_0
    }

    /// A `Value` on the right of a lookup stood in parentheses until 5.0 (`Lookup.process_rhs`,
    /// `django/db/models/lookups.py`).
    pub(super) fn wraps_values(self) -> bool {
        self < Self::V5_1
    }

    /// An integer that its column cannot hold makes the lookup match nothing or everything
    /// (`IntegerFieldOverflow`, `django/db/models/lookups.py`, since 5.0).
    pub(super) fn knows_integer_overflow(self) -> bool {
        self >= Self::V5_0
    }

    /// An exclusive or of more than two counts modulo two (`django/db/models/sql/where.py`, since 5.0).
    pub(super) fn counts_xor_modulo_two(self) -> bool {
        self >= Self::V5_0
    }

    /// `Concat` joins by `||` (`ConcatPair.pipes_concat_sql`, `django/db/models/functions/text.py`, since 5.1); until then
    /// it is `CONCAT(...)` over casts to text.
    pub(super) fn concatenates_by_pipes(self) -> bool {
        self >= Self::V5_1
    }

    /// A slice of an array always stands behind parentheses (`SliceTransform`, `fields/array.py`, with `F("a")[1:]` of 5.1).
    pub(super) fn wraps_sliced_arrays(self) -> bool {
        self >= Self::V5_1
    }

    /// A `Case` of which nothing but a `Value` is left casts it (`django/db/models/expressions.py`, 6.0).
    pub(super) fn casts_lone_case_value(self) -> bool {
        self >= Self::V6_0
    }

    /// The CI fields cast to `citext` in text lookups (`lookup_cast`, `django/db/backends/postgresql/operations.py`).
    pub(super) fn casts_to_citext(self) -> bool {
        self < Self::V5_1
    }

    /// How `JSONObject` is written for PostgreSQL 16 and later (`JSONObject.as_postgresql`,
    /// `django/db/models/functions/comparison.py` until 5.1, then `functions/json.py`).
    pub(super) fn json_object_form(self) -> JsonObjectForm {
        if self >= Self::V5_2 {
            JsonObjectForm::CastKeys
        } else if self >= Self::V5_1 {
            JsonObjectForm::PlainKeys
        } else {
            JsonObjectForm::Build
        }
    }

    /// Constants of a list with expressions in it are `Value`s, too, so that equal ones meet
    /// (`FieldGetDbPrepValueIterableMixin`, `django/db/models/lookups.py`, since 5.2).
    pub(super) fn lists_values(self) -> bool {
        self >= Self::V5_2
    }

    /// `F("name")[1:]` (`django/db/models/expressions.py`, since 5.1).
    pub(super) fn slices_references(self) -> bool {
        self >= Self::V5_1
    }

    /// Two PositiveIntegerFields make one (`_connector_combinations`, `django/db/models/expressions.py`).
    pub(super) fn keeps_positive_integers(self) -> bool {
        self >= Self::V5_0
    }

    /// `Chr` gives a CharField, whatever it is given (`django/db/models/functions/text.py`).
    pub(super) fn chr_is_text(self) -> bool {
        self >= Self::V5_0
    }
}
