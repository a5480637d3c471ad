//! The N-1 proof: the queries of the release that is running, tried before and after the
//! migrations that it does not have.

mod prove;
mod sources;
mod told;

pub(crate) use prove::prove;
pub(crate) use told::Proof;
use told::Unproved;
