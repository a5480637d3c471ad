//! What the tests of the built binary stand on: throwaway servers, fixtures and the oracle.

pub mod chaos;
pub mod servers;
pub mod support;
