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
            texts.push(format!("ALTER SEQUENCE {name} {}", new.definition));
        }
        if old.engine != new.engine {
            texts.push(format!("ALTER TABLE {name} ENGINE={}", new.engine));
        }
    }
    steps(texts)
}

/// Drops the sequences that are gone, after the tables whose defaults took from them.
pub(super) fn dropped(from: &Catalog, to: &Catalog) -> Vec<Step> {
    let gone = matched(&from.sequences, &to.sequences, |one| &one.name).gone;
    steps(gone.iter().map(|one| format!("DROP SEQUENCE {}", write::name(&one.name))))
}
