//! Campaigns: each row is one kind of fault, tried many times, with the same oracle after each.

pub mod galera;
