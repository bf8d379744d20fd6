-- Casts and transforms.
CREATE CAST (text AS integer) WITH FUNCTION to_int(text);
CREATE CAST (text AS depot.measure) WITH FUNCTION depot.to_measure(text, integer, boolean) AS ASSIGNMENT;
CREATE CAST (varchar(10) AS integer[]) WITHOUT FUNCTION;
CREATE CAST (double precision AS depot.measure) WITH INOUT AS IMPLICIT;
CREATE CAST (bigint AS colour) WITHOUT FUNCTION AS IMPLICIT;
DROP CAST (text AS integer);
DROP CAST IF EXISTS (text AS depot.measure) CASCADE;
CREATE TRANSFORM FOR hstore LANGUAGE plpython3u (FROM SQL WITH FUNCTION a(internal), TO SQL WITH FUNCTION b(internal));
CREATE OR REPLACE TRANSFORM FOR depot.measure LANGUAGE plpython3u (TO SQL WITH FUNCTION b(internal));
DROP TRANSFORM FOR hstore LANGUAGE plpython3u;
DROP TRANSFORM IF EXISTS FOR hstore LANGUAGE plpython3u CASCADE;
