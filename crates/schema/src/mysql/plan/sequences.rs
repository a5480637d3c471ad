//! Sequences of MariaDB. Where one stands is kept.

use super::matched::matched;
use super::whole::steps;
use crate::Step;
use crate::mysql::{Catalog, write};

/// Creates and changes sequences, before the tables whose defaults take from them.
pub(super) fn made(from: &Catalog, to: &Catalog) -> Vec<Step> {
    let sequences = matched(&from.sequences, &to.sequences, |one| &one.name);
    let mut texts = Vec::new();
    for one in sequences.new {
        let name = write::name(&one.name);
        texts.push(format!("CREATE SEQUENCE {name} {} ENGINE={}", one.definition, one.engine));
    }
    for (old, new) in sequences.both {
        let name = write::name(&new.name);
        if old.definition != new.definition {
            if let Some(least) = raised(&old.definition, &new.definition) {
                texts.push(format!("DO setval({name}, {least}, 0)"));
            }
            texts.push(format!("ALTER SEQUENCE {name} {}", new.definition));
        }
        if old.engine != new.engine {
            texts.push(format!("ALTER TABLE {name} ENGINE={}", new.engine));
        }
    }
    steps(texts)
}

/// The new end of the range from which a sequence starts, when that is inside the old range: the
/// server refuses a range without the next value, and `setval` only ever goes on.
fn raised(old: &str, new: &str) -> Option<i128> {
    let up = number(new, "increment by")? > 0;
    let word = if up { "minvalue" } else { "maxvalue" };
    let (before, after) = (number(old, word)?, number(new, word)?);
    (if up { after > before } else { after < before }).then_some(after)
}

/// The number behind these words.
fn number(definition: &str, words: &str) -> Option<i128> {
    definition.split_once(words)?.1.split_whitespace().next()?.parse().ok()
}

/// Drops the sequences that are gone, after the tables whose defaults took from them.
pub(super) fn dropped(from: &Catalog, to: &Catalog) -> Vec<Step> {
    let gone = matched(&from.sequences, &to.sequences, |one| &one.name).gone;
    steps(gone.iter().map(|one| format!("DROP SEQUENCE {}", write::name(&one.name))))
}
