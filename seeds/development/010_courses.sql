INSERT INTO courses (id, teacher_id, slug, title, status) VALUES
    (1, 1, 'notes-on-the-engine', 'Notes on the engine', 'published'),
    (2, 2, 'compilers-by-hand', 'Compilers by hand', 'draft')
ON CONFLICT (id) DO UPDATE SET
    teacher_id = excluded.teacher_id,
    slug = excluded.slug,
    title = excluded.title,
    status = excluded.status;

INSERT INTO lessons (id, course_id, position, title) VALUES
    (1, 1, 1, 'The store'),
    (2, 1, 2, 'The mill'),
    (3, 1, 3, 'Cards')
ON CONFLICT (id) DO UPDATE SET
    course_id = excluded.course_id,
    position = excluded.position,
    title = excluded.title;
