-- The values stay: which of them were filled here and which by the application is not recorded,
-- and the column is nullable before and after.
SELECT 1;
