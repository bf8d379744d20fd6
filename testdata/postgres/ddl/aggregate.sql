-- CREATE AGGREGATE, ALTER AGGREGATE, DROP AGGREGATE.
CREATE AGGREGATE heaviest (numeric) (SFUNC = numeric_larger, STYPE = numeric);
CREATE OR REPLACE AGGREGATE depot.heaviest (w numeric, text) (sfunc = f, stype = internal, sspace = 64, finalfunc = g, finalfunc_extra, finalfunc_modify = read_only, initcond = '0', parallel = safe);
CREATE AGGREGATE heaviest (*) (SFUNC = f, STYPE = int, COMBINEFUNC = c, SERIALFUNC = s, DESERIALFUNC = d, MSFUNC = m, MINVFUNC = i, MSTYPE = int, MFINALFUNC = mf, MINITCOND = '0');
CREATE AGGREGATE heaviest (VARIADIC numeric[]) (SFUNC = f, STYPE = numeric, SORTOP = operator(pg_catalog.>));
CREATE AGGREGATE heaviest (numeric ORDER BY integer) (SFUNC = f, STYPE = internal, FINALFUNC = g, HYPOTHETICAL);
CREATE AGGREGATE heaviest (ORDER BY anyelement) (SFUNC = f, STYPE = internal);
CREATE AGGREGATE heaviest (BASETYPE = numeric, SFUNC = numeric_larger, STYPE = numeric);
CREATE AGGREGATE heaviest (basetype = 'ANY', sfunc = f, stype = integer, initcond = '0');
ALTER AGGREGATE heaviest (numeric) RENAME TO biggest;
ALTER AGGREGATE depot.heaviest (*) OWNER TO keeper;
ALTER AGGREGATE heaviest (numeric ORDER BY integer) SET SCHEMA depot;
DROP AGGREGATE heaviest (numeric);
DROP AGGREGATE IF EXISTS heaviest (*), depot.biggest (ORDER BY integer) CASCADE;
