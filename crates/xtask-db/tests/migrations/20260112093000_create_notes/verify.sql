SELECT 1 FROM notes WHERE author NOT IN (SELECT id FROM users);
