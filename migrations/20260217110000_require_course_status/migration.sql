-- SQLite cannot make a column required in place, so the table is built anew under another name.
CREATE TABLE courses_new (
    id         INTEGER PRIMARY KEY,
    teacher_id INTEGER NOT NULL REFERENCES users (id),
    slug       TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    status     TEXT NOT NULL DEFAULT 'draft'
               CHECK (status IN ('draft', 'published', 'archived'))
);

INSERT INTO courses_new (id, teacher_id, slug, title, created_at, status)
SELECT id, teacher_id, slug, title, created_at, status FROM courses;

DROP TABLE courses;
ALTER TABLE courses_new RENAME TO courses;

CREATE INDEX courses_teacher_id_idx ON courses (teacher_id);
