SELECT count(*) FROM courses WHERE status IS NULL;

SELECT id, status FROM courses WHERE status NOT IN ('draft', 'published', 'archived');
