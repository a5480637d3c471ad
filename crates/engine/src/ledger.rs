//! The ledger and the tables beside it.
