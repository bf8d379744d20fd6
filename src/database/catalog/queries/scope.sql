-- Which schemas there are, which of them the search path has, and what the role may do with each.
SELECT n.oid, n.nspname, has_schema_privilege(n.oid, 'USAGE'),
  array_position(current_schemas(false), n.nspname), current_setting('search_path')
FROM pg_namespace n
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname
