-- Enum types with their labels in order.
SELECT t.typnamespace, t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
FROM pg_type t LEFT JOIN pg_enum e ON e.enumtypid = t.oid
WHERE t.typtype = 'e' AND t.typnamespace = ANY ($schemas)
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.refclassid = 'pg_extension'::regclass AND x.classid = 'pg_type'::regclass AND x.objid = t.oid AND x.deptype = 'e')
GROUP BY t.oid, t.typnamespace, t.typname
