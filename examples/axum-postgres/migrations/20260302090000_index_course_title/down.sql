DROP INDEX CONCURRENTLY courses_title_idx;
