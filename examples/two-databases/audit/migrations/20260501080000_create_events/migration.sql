CREATE TABLE events (
    id   INTEGER PRIMARY KEY,
    at   TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    what TEXT NOT NULL
);

-- Events are only ever added.
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are not changed');
END;
