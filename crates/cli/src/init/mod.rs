//! Adds what a workspace needs: read, plan, show, write.
//!
//! Invariant: a file that is there is edited in place or left alone, never written anew, and a
//! second run changes nothing.

mod cargo_config;
mod dockerignore;
mod lines;
mod manifest;
mod plan;
mod request;
mod retarget;
mod templates;
mod tree;
mod xtask;

use dockerignore::excluded;
pub(crate) use plan::{Plan, Step, plan, write};
pub(crate) use request::{Problem, Request};
pub(crate) use retarget::retarget;
pub(crate) use tree::Tree;
