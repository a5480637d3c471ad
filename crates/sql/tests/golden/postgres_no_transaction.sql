-- why: the index is large
-- no-transaction

CREATE INDEX CONCURRENTLY i ON a (id);
UPDATE a SET id = 1;
UPDATE a SET id = 2;
