ALTER TABLE courses DROP COLUMN status;
