-- CREATE, ALTER and DROP STATISTICS.
CREATE STATISTICS crate_stats ON label, made FROM crate;
CREATE STATISTICS IF NOT EXISTS depot.crate_stats (ndistinct, dependencies, mcv) ON label, made FROM depot.crate;
CREATE STATISTICS crate_stats ON (lower(label)) FROM crate;
CREATE STATISTICS crate_stats (mcv) ON date_trunc('day', made), (a + b), c FROM crate;
CREATE STATISTICS ON label, made FROM crate;
ALTER STATISTICS crate_stats SET STATISTICS 500;
ALTER STATISTICS IF EXISTS crate_stats SET STATISTICS -1;
ALTER STATISTICS crate_stats SET STATISTICS DEFAULT;
ALTER STATISTICS crate_stats RENAME TO carton_stats;
ALTER STATISTICS depot.crate_stats OWNER TO keeper;
ALTER STATISTICS crate_stats SET SCHEMA depot;
DROP STATISTICS crate_stats;
DROP STATISTICS IF EXISTS crate_stats, depot.box_stats CASCADE;
