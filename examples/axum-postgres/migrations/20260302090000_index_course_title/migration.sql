-- Cannot run in a transaction, so the migration is journaled, and resumed after an interruption.
CREATE INDEX CONCURRENTLY courses_title_idx ON courses (lower(title));
