//! A panic as a value: the message and the place, without a line on stderr.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// What the panic of this thread said; none while nothing is captured here.
    static SAID: RefCell<Option<String>> = const { RefCell::new(None) };
}

static HOOK: Once = Once::new();

/// Runs `work`; a panic becomes its message.
pub(super) fn panics<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    HOOK.call_once(install);
    SAID.set(Some(String::new()));
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    let said = SAID.take().unwrap_or_default();
    done.map_err(|_| said)
}

fn install() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        let captured = SAID.with_borrow_mut(|said| match said {
            Some(said) => {
                *said = panicked.to_string();
                true
            }
            None => false,
        });
        if !captured {
            before(panicked);
        }
    }));
}
