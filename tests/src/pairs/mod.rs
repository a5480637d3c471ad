//! Pairs of schemas: each must lead to the other on a real server, and the server must agree.

mod file;
mod judge;
mod run;
mod side;
mod text;
mod verdict;

pub use file::{Pair, PairFile, kind_of, read};
pub use judge::judge;
pub use run::judge_all;
pub use text::independent;
pub use verdict::{Tally, Verdict};
