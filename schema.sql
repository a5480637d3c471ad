-- What the database of the quick start should be. Change it, then: cargo xtask db migrate

CREATE TABLE users (
    id         INTEGER PRIMARY KEY,
    email      TEXT NOT NULL,
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- Addresses are compared without case, as mail servers in practice do.
CREATE UNIQUE INDEX users_email_key ON users (email COLLATE NOCASE);

CREATE TABLE courses (
    id         INTEGER PRIMARY KEY,
    teacher_id INTEGER NOT NULL REFERENCES users (id),
    slug       TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    status     TEXT NOT NULL DEFAULT 'draft'
               CHECK (status IN ('draft', 'published', 'archived'))
);

CREATE INDEX courses_teacher_id_idx ON courses (teacher_id);

-- A course takes its lessons with it.
CREATE TABLE lessons (
    id        INTEGER PRIMARY KEY,
    course_id INTEGER NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL CHECK (position > 0),
    title     TEXT NOT NULL,
    UNIQUE (course_id, position)
);
