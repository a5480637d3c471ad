//! What a refused folder becomes: the error, and an empty value, so that the code around it
//! still type-checks and no second error hides the first.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// The error with a value of the right type.
pub(crate) fn migrator(message: &str, span: Span) -> TokenStream {
    quote_spanned! {span=> {
        ::core::compile_error!(#message);
        ::xtask_db::Migrator::embedded(&[], "sqlite", "", "", "")
    }}
}
