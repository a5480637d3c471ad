CREATE TABLE orders (
    id         INTEGER PRIMARY KEY,
    product_id INTEGER NOT NULL REFERENCES products (id),
    at         TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
