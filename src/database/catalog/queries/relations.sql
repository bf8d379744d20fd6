-- Tables, foreign ones included, views, materialized views and sequences; partitions with their parent.
SELECT c.oid, c.relnamespace, c.relname, c.relkind, c.relpersistence, c.reltuples, c.relpages,
  CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
  parent_schema.nspname, parent.relname,
  c.relkind = 'S' OR has_table_privilege(c.oid, 'SELECT'), c.relrowsecurity
FROM pg_class c
LEFT JOIN pg_inherits i ON c.relispartition AND i.inhrelid = c.oid
LEFT JOIN pg_class parent ON parent.oid = i.inhparent
LEFT JOIN pg_namespace parent_schema ON parent_schema.oid = parent.relnamespace
WHERE c.relnamespace = ANY ($schemas) AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.refclassid = 'pg_extension'::regclass AND e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
