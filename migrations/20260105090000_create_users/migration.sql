CREATE TABLE users (
    id         INTEGER PRIMARY KEY,
    email      TEXT NOT NULL,
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- Addresses are compared without case, as mail servers in practice do.
CREATE UNIQUE INDEX users_email_key ON users (email COLLATE NOCASE);
