//! What the tests of the built binary stand on: servers, fixtures, the oracle, and campaigns.

pub mod chaos;
pub mod servers;
pub mod support;
