-- Collations by oid, as a statement names them.
SELECT c.oid, c.collname, n.nspname, pg_collation_is_visible(c.oid)
FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
