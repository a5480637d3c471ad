CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    author INTEGER NOT NULL REFERENCES users (id),
    text TEXT NOT NULL
);
