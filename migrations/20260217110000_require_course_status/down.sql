CREATE TABLE courses_old (
    id         INTEGER PRIMARY KEY,
    teacher_id INTEGER NOT NULL REFERENCES users (id),
    slug       TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    status     TEXT
);

INSERT INTO courses_old (id, teacher_id, slug, title, created_at, status)
SELECT id, teacher_id, slug, title, created_at, status FROM courses;

DROP TABLE courses;
ALTER TABLE courses_old RENAME TO courses;

CREATE INDEX courses_teacher_id_idx ON courses (teacher_id);
