//! What the tests of the built binary stand on: servers, fixtures, the oracle, campaigns,
//! and pairs of schemas.

pub mod chaos;
pub mod generated;
pub mod pairs;
pub mod servers;
pub mod support;
