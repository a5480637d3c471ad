-- Nullable at first: the release that is running does not write it yet.
ALTER TABLE courses ADD COLUMN status TEXT;
