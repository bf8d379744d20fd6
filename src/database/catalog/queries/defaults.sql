-- Defaults, and expressions of generated columns. Only the latter name columns: for a default the server need not
-- look at its table at all.
SELECT d.adrelid, d.adnum, pg_get_expr(d.adbin, CASE WHEN a.attgenerated = '' THEN 0 ELSE d.adrelid END)
FROM pg_class c
JOIN pg_attrdef d ON d.adrelid = c.oid
JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE c.relnamespace = ANY ($schemas) AND c.relkind IN ('r', 'p', 'm')
