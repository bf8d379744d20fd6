-- The types of columns with their modifiers, as a statement names them, and their usual collations.
SELECT used.oid, used.modifier, format_type(used.oid, used.modifier), t.typcollation
FROM unnest($types::oid[], $modifiers::int[]) used (oid, modifier)
JOIN pg_type t ON t.oid = used.oid
