CREATE TABLE products (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,
    cents INTEGER NOT NULL CHECK (cents >= 0)
);

INSERT INTO products (id, name, cents) VALUES (1, 'tea', 350), (2, 'cake', 420);
