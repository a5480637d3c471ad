//! `embed_migrations!`: embeds a migrations folder, and fails the build when a sealed migration
//! is not what was sealed. The public documentation is at the re-export in `xtask_db`.
//!
//! The way of one call: `input` (arguments) → `load` (folder and lock file) → `valid` (what is
//! refused) → `expand` (the value), or `fallback` (one error, and a value that still compiles).
//!
//! Invariant: the macro runs no process, reads no manifest and writes nothing.

mod expand;
mod fallback;
mod input;
mod load;
mod message;
mod place;
mod problem;
mod valid;

use proc_macro2::Span;

use crate::input::Input;
use crate::place::Surroundings;

/// Embeds a migrations folder as a `Migrator`. See `xtask_db::embed_migrations!`.
#[proc_macro]
pub fn embed_migrations(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let (span, code) = match syn::parse::<Input>(input) {
        Ok(input) => (input.span(), embed(&input)),
        Err(error) => (error.span(), Err(error.to_string())),
    };
    let migrator = code.and_then(|code| {
        // Code of `expand`, and literals that `Debug` escaped: this error cannot happen.
        code.parse().map_err(|error: proc_macro::LexError| error.to_string())
    });
    migrator.unwrap_or_else(|message| fallback::migrator(&message, span).into())
}

fn embed(input: &Input) -> Result<String, String> {
    let told = |problems: Vec<_>| message::tell(&problems);
    let loaded = load::load(input, &Surroundings::of_this_build()).map_err(told)?;
    let valid = valid::check(loaded).map_err(told)?;
    expand::migrator(&valid, input).map_err(told)
}

impl Input {
    fn span(&self) -> Span {
        self.folder.as_ref().map_or_else(Span::call_site, syn::LitStr::span)
    }
}
