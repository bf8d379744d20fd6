-- What is there and not modelled, by kind and name, but for what the queries of relations, indexes and constraints tell on
-- their way. Nothing may be lost without being counted.
WITH owned AS (SELECT classid, objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e')
SELECT found.kind, found.schema, found.name, found.part FROM (
  SELECT CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type' ELSE 'base type' END,
    n.nspname, t.typname, NULL, 'pg_type'::regclass::oid, t.oid
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typnamespace = ANY ($schemas) AND (t.typtype IN ('d', 'r') OR t.typtype = 'b' AND t.typelem = 0)
  UNION ALL
  SELECT 'composite type', n.nspname, c.relname, NULL, 'pg_type'::regclass, c.reltype
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relnamespace = ANY ($schemas) AND c.relkind = 'c'
  UNION ALL
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
    n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), 'pg_proc'::regclass, p.oid
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE p.pronamespace = ANY ($schemas)
    AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')
  UNION ALL
  SELECT CASE WHEN c.relispartition THEN 'partition bound' ELSE 'inheritance' END, n.nspname, c.relname, NULL, 'pg_class'::regclass, c.oid
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relnamespace = ANY ($schemas) AND c.relkind IN ('r', 'p') AND i.inhseqno = 1
  UNION ALL
  SELECT 'rule', n.nspname, c.relname, r.rulename, 'pg_class'::regclass, c.oid
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relnamespace = ANY ($schemas) AND r.rulename <> '_RETURN'
  UNION ALL
  SELECT 'policy', n.nspname, c.relname, p.polname, 'pg_class'::regclass, c.oid
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relnamespace = ANY ($schemas)
  UNION ALL
  SELECT CASE WHEN c.relkind = 'v' THEN 'trigger of a view' ELSE 'disabled trigger' END, n.nspname, c.relname, t.tgname, 'pg_class'::regclass, c.oid
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relnamespace = ANY ($schemas) AND NOT t.tgisinternal AND (c.relkind = 'v' OR t.tgenabled IN ('D', 'R'))
  UNION ALL
  SELECT 'statistics object', n.nspname, s.stxname, NULL, 'pg_statistic_ext'::regclass, s.oid
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
  WHERE s.stxnamespace = ANY ($schemas)
  UNION ALL
  SELECT 'text search configuration', n.nspname, s.cfgname, NULL, 'pg_ts_config'::regclass, s.oid
  FROM pg_ts_config s JOIN pg_namespace n ON n.oid = s.cfgnamespace
  WHERE s.cfgnamespace = ANY ($schemas)
  UNION ALL
  SELECT 'text search dictionary', n.nspname, s.dictname, NULL, 'pg_ts_dict'::regclass, s.oid
  FROM pg_ts_dict s JOIN pg_namespace n ON n.oid = s.dictnamespace
  WHERE s.dictnamespace = ANY ($schemas)
  UNION ALL
  SELECT 'collation', n.nspname, s.collname, NULL, 'pg_collation'::regclass, s.oid
  FROM pg_collation s JOIN pg_namespace n ON n.oid = s.collnamespace
  WHERE s.collnamespace = ANY ($schemas)
  UNION ALL
  SELECT 'operator', n.nspname, s.oprname, NULL, 'pg_operator'::regclass, s.oid
  FROM pg_operator s JOIN pg_namespace n ON n.oid = s.oprnamespace
  WHERE s.oprnamespace = ANY ($schemas)
  UNION ALL
  SELECT 'operator class', n.nspname, s.opcname, NULL, 'pg_opclass'::regclass, s.oid
  FROM pg_opclass s JOIN pg_namespace n ON n.oid = s.opcnamespace
  WHERE s.opcnamespace = ANY ($schemas)
  UNION ALL
  SELECT 'event trigger', 'pg_catalog', s.evtname, NULL, 'pg_event_trigger'::regclass, s.oid
  FROM pg_event_trigger s
) found (kind, schema, name, part, classid, objid)
WHERE NOT EXISTS (SELECT FROM owned WHERE owned.classid = found.classid AND owned.objid = found.objid)
