CREATE TABLE notes (
    id         INTEGER PRIMARY KEY,
    text       TEXT NOT NULL CHECK (text <> ''),
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
