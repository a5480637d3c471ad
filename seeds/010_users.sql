INSERT INTO users (id, email, name) VALUES
    (1, 'ada@example.org', 'Ada'),
    (2, 'grace@example.org', 'Grace')
ON CONFLICT (id) DO UPDATE SET email = excluded.email, name = excluded.name;
