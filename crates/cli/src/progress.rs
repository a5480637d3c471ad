//! What happens, shown while it happens: a moving line on a terminal, plain lines elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use xtask_db_engine::{BackfillProgress, Event, Holder, Observer};
use xtask_db_history::MigrationId;

use crate::backfilling::far;
use crate::counted::moved;
use crate::output::Output;

/// How often the moving line is drawn.
const TICK: Duration = Duration::from_millis(100);

/// How often something that takes long is told where no line can move.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// Shows events.
#[derive(Debug)]
pub(crate) struct Progress {
    output: Output,
    bar: Option<ProgressBar>,
    /// The migration at work, `2/5 20260102030405_add_status`.
    current: String,
    /// What is said of a migration that is done.
    done: &'static str,
    /// Where it runs, when that is not the database.
    place: &'static str,
    /// When bytes were told last, from their start.
    told: Duration,
}

impl Progress {
    /// `moving`: stderr is a terminal, and nobody reads JSON.
    pub(crate) fn new(output: Output, moving: bool) -> Self {
        let bar = (moving && !output.quiet).then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            bar
        });
        Self {
            output,
            bar,
            current: String::new(),
            done: "applied",
            place: "",
            told: Duration::ZERO,
        }
    }

    /// What is done is reverted.
    pub(crate) const fn reverting(mut self) -> Self {
        self.done = "reverted";
        self
    }

    /// What runs, runs on a shadow.
    pub(crate) const fn on_shadow(mut self) -> Self {
        self.place = "on a shadow: ";
        self
    }

    /// Something that is not a migration starts.
    pub(crate) fn begin(&mut self, what: &str) {
        what.clone_into(&mut self.current);
        if let Some(bar) = &self.bar {
            bar.enable_steady_tick(TICK);
            bar.set_message(self.current.clone());
        }
    }

    /// Bytes were written.
    pub(crate) fn carried(&mut self, bytes: u64, took: Duration) {
        let text = || format!("{}: {}", self.current, moved(bytes, took));
        match &self.bar {
            Some(bar) => bar.set_message(text()),
            None if took.saturating_sub(self.told) >= TELL_EVERY => {
                self.output.say(text());
                self.told = took;
            }
            None => {}
        }
    }

    /// A batch of a backfill is committed.
    fn batch(&mut self, id: &MigrationId, progress: &BackfillProgress) {
        let text = || format!("filling {id}: {}", far(progress));
        match &self.bar {
            Some(bar) => {
                bar.enable_steady_tick(TICK);
                bar.set_message(text());
            }
            None if progress.spent.saturating_sub(self.told) >= TELL_EVERY => {
                self.output.say(text());
                self.told = progress.spent;
            }
            None => {}
        }
    }

    fn line(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.output.say(line)),
            None => self.output.say(line),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Observer for Progress {
    fn on(&mut self, event: Event<'_>) {
        match event {
            Event::Waiting { holder: who, waited } => {
                let who = who.map_or_else(|| "another deployer".to_owned(), holder);
                self.line(&format!("waiting for the deploy lock ({} s): {who}", waited.as_secs()));
            }
            Event::Started { id, number, total, statements, done } => {
                self.current = format!("{}{number}/{total} {id}", self.place);
                match &self.bar {
                    Some(bar) => {
                        bar.reset_elapsed();
                        bar.enable_steady_tick(TICK);
                        bar.set_message(self.current.clone());
                    }
                    None if done > 0 && done >= statements => self
                        .output
                        .say(format!("closing {}: its statements are done", self.current)),
                    None if done > 0 => self.output.say(format!(
                        "going on with {} at statement {} of {statements}",
                        self.current,
                        done + 1
                    )),
                    None => {}
                }
            }
            Event::Statement { statement, statements, .. } => {
                if let Some(bar) = &self.bar {
                    bar.set_message(format!(
                        "{} statement {statement} of {statements}",
                        self.current
                    ));
                }
            }
            Event::Batch { id, progress, .. } => self.batch(id, progress),
            Event::Retry { attempt, error } => {
                self.line(&format!("{}: {error}; try {attempt}", self.current));
            }
            Event::Finished(applied) => {
                let plural = if applied.statements == 1 { "" } else { "s" };
                self.line(&format!(
                    "{} {} ({} statement{plural}, {})",
                    self.done,
                    self.current,
                    applied.statements,
                    took(applied.took)
                ));
            }
            Event::Ran { .. } | Event::Failed(_) => {}
            Event::Notice(notice) => self.line(notice),
        }
    }
}

/// A duration as people say it.
pub(crate) fn took(duration: Duration) -> String {
    match duration.as_millis() {
        ms @ 0..1000 => format!("{ms} ms"),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}

/// Who holds the lock, in a line.
pub(crate) fn holder(holder: &Holder) -> String {
    let Holder { who, since, age_s, backend, expired_s, .. } = holder;
    let backend = backend.as_ref().map(|id| format!(", server session {id}")).unwrap_or_default();
    let expired = expired_s.map(|ago| {
        format!("; its lease expired {ago} s ago, and is taken over unless it comes back")
    });
    format!("{who} since {since} ({age_s} s){backend}{}", expired.unwrap_or_default())
}
