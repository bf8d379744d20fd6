-- Tablespaces.
CREATE TABLESPACE fast LOCATION '/data/fast';
CREATE TABLESPACE fast OWNER keeper LOCATION '/data/fast' WITH (seq_page_cost = 1, random_page_cost = 1.1);
ALTER TABLESPACE fast RENAME TO faster;
ALTER TABLESPACE fast OWNER TO keeper;
ALTER TABLESPACE fast SET (random_page_cost = 1.5);
ALTER TABLESPACE fast RESET (random_page_cost, seq_page_cost);
DROP TABLESPACE fast;
DROP TABLESPACE IF EXISTS fast;
