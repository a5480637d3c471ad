-- A course that has lessons was visible to students before there was a status.
UPDATE courses
SET status = CASE
    WHEN EXISTS (SELECT 1 FROM lessons WHERE lessons.course_id = courses.id) THEN 'published'
    ELSE 'draft'
END
WHERE status IS NULL;
