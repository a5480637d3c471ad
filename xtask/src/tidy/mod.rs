//! `cargo xtask tidy`, and the same as an ordinary test: what the compiler does not check.

mod edges;
mod pages;
mod sources;
#[cfg(test)]
mod tests;

pub(crate) use run::run;

mod run;
