-- Indexes of tables and materialized views. The server writes one out only where there is an expression.
SELECT i.indexrelid, i.indrelid, x.relname, m.amname, i.indisunique, i.indnullsnotdistinct,
  i.indisvalid AND i.indisready AND i.indislive, i.indnkeyatts, i.indkey, i.indclass, i.indcollation, i.indoption,
  x.reloptions, s.spcname, pg_get_expr(i.indpred, i.indrelid),
  CASE WHEN i.indexprs IS NOT NULL THEN
    CASE x.relkind WHEN 'I' THEN replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
                   ELSE pg_get_indexdef(i.indexrelid) END END,
  CASE WHEN m.amname <> 'btree' THEN
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attoptions IS NOT NULL) END
FROM (SELECT false AS indnullsnotdistinct) absent
CROSS JOIN LATERAL (
  SELECT indexrelid, indrelid, indisunique, indisvalid, indisready, indislive, indnkeyatts, indkey, indclass,
    indcollation, indoption, indpred, indexprs, indnullsnotdistinct
  FROM pg_index) i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_am m ON m.oid = x.relam
JOIN pg_class t ON t.oid = i.indrelid
LEFT JOIN pg_tablespace s ON s.oid = x.reltablespace
WHERE t.relnamespace = ANY ($schemas) AND t.relkind IN ('r', 'p', 'm')
