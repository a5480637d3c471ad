//! A TCP proxy on loopback in front of a server, for faults of the network.

mod answer;
mod fault;
mod framing;
mod pump;
mod server;

pub use answer::{mysql_error, mysql_row, postgres_error, postgres_row, postgres_value};
pub use fault::Fault;
pub use framing::Sender;
pub use server::Proxy;
