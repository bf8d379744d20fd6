-- The queries of views and materialized views.
SELECT c.oid, pg_get_viewdef(c.oid)
FROM pg_class c
WHERE c.relnamespace = ANY ($schemas) AND c.relkind IN ('v', 'm')
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.refclassid = 'pg_extension'::regclass AND e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
