-- Triggers of tables that fire; those that carry foreign keys out are the server's own.
SELECT t.tgrelid, t.tgname, pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = ANY ($schemas) AND c.relkind IN ('r', 'p') AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
