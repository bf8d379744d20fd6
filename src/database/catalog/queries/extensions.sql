-- Extensions, but for the one that every database is made with.
SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'
