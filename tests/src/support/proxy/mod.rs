//! A TCP proxy on loopback in front of a server, for faults of the network.

mod fault;
mod framing;
mod pump;
mod server;

pub use fault::Fault;
pub use framing::Sender;
pub use server::Proxy;
