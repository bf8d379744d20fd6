-- Constraints of tables. A name that a version of the server lacks is taken from `absent`: SQL looks for it inside first.
SELECT c.conrelid, c.conname, c.contype, c.convalidated, c.condeferrable, c.condeferred, c.conindid,
  c.conkey, c.confkey, c.confrelid, c.confupdtype, c.confdeltype, c.conenforced,
  CASE WHEN c.contype = 'c' THEN pg_get_expr(c.conbin, c.conrelid)
       WHEN c.contype = 'x' THEN pg_get_constraintdef(c.oid) END,
  parent_schema.nspname, parent.relname,
  c.connoinherit, c.confmatchtype, c.confdelsetcols IS NOT NULL, c.conperiod,
  CASE WHEN NOT parent.relnamespace = ANY ($schemas) THEN (
    SELECT array_agg(a.attname::text ORDER BY k.place)
    FROM unnest(c.confkey) WITH ORDINALITY k (attnum, place)
    JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum) END
FROM (SELECT true AS conenforced, false AS conperiod, NULL::int2[] AS confdelsetcols) absent
CROSS JOIN LATERAL (
  SELECT oid, conrelid, conname, contype, convalidated, condeferrable, condeferred, conindid, conkey, confkey,
    confrelid, confupdtype, confdeltype, conbin, conenforced, connoinherit, confmatchtype, confdelsetcols, conperiod
  FROM pg_constraint) c
JOIN pg_class t ON t.oid = c.conrelid
LEFT JOIN pg_class parent ON parent.oid = c.confrelid
LEFT JOIN pg_namespace parent_schema ON parent_schema.oid = parent.relnamespace
WHERE t.relnamespace = ANY ($schemas) AND (c.contype IN ('p', 'u', 'c', 'f', 'x') OR c.contype = 'n' AND NOT c.convalidated)
