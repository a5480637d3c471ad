//! The runtime of a command, and the signals that end it.

use std::future::Future;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::exit;
use crate::fault::Fault;

/// How long a cancelled statement is given to end on the server.
const CANCEL_MAX: Duration = Duration::from_secs(5);
/// How often it is looked whether it has ended.
const CANCEL_POLL: Duration = Duration::from_millis(20);

/// Runs a command; inside another runtime on a thread of its own.
pub(crate) fn apart(run: impl FnOnce() -> u8 + Send) -> ExitCode {
    if tokio::runtime::Handle::try_current().is_err() {
        return ExitCode::from(run());
    }
    std::thread::scope(|scope| match scope.spawn(run).join() {
        Ok(code) => ExitCode::from(code),
        Err(_) => ExitCode::from(exit::INTERNAL),
    })
}

/// Drives a future until it ends or a signal does. A dropped future cancels its statement in the
/// background, which is waited for.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Fault::Internal(format!("the runtime cannot start: {error}")))?;
    runtime.block_on(async {
        let done = tokio::select! {
            done = future => done,
            term = signal() => Err(Fault::Interrupted { term }),
        };
        if matches!(done, Err(Fault::Interrupted { .. })) {
            let deadline = Instant::now() + CANCEL_MAX;
            let alive = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
            while alive() > 0 && Instant::now() < deadline {
                tokio::time::sleep(CANCEL_POLL).await;
            }
        }
        done
    })
}

/// Waits for Ctrl-C (`false`) or SIGTERM (`true`).
#[cfg(unix)]
async fn signal() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut term) => tokio::select! {
            _ = term.recv() => true,
            _ = tokio::signal::ctrl_c() => false,
        },
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
            false
        }
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
async fn signal() -> bool {
    let _ = tokio::signal::ctrl_c().await;
    false
}
