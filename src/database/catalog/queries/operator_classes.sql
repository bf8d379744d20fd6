-- Operator classes by oid, as a statement names them; the type that each is the default of, if it is one.
SELECT o.oid, o.opcname, n.nspname, pg_opclass_is_visible(o.oid), o.opcdefault, o.opcintype, o.opcmethod
FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
