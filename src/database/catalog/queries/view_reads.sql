-- What views read: relations, and where the server keeps it (subid > 0) columns.
SELECT DISTINCT r.ev_class, d.refobjid, d.refobjsubid
FROM pg_class c
JOIN pg_rewrite r ON r.ev_class = c.oid
JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
WHERE c.relnamespace = ANY ($schemas) AND c.relkind IN ('v', 'm') AND d.refobjid <> r.ev_class
