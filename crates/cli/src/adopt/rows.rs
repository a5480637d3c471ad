//! The rows of the other tool's ledger against the files: what is recorded as applied here.

use std::collections::BTreeMap;

use sha2::{Digest, Sha384};
use xtask_db_engine::{ForeignRow, ForeignTool};
use xtask_db_history::{Checksum, MigrationId, canonical};

use super::{Folder, Problem};

/// What the other tool's ledger says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Matched {
    /// Applied, with the time that the other tool recorded.
    pub(crate) applied: Vec<(MigrationId, Option<String>)>,
    /// Versions without a file; their rows are left where they are.
    pub(crate) without_file: Vec<String>,
    /// Prisma: applied with this other text.
    pub(crate) earlier: Vec<(MigrationId, Checksum)>,
    /// Nothing is recorded while there is one.
    pub(crate) problems: Vec<Problem>,
}

/// Finds the file of each row, and verifies it where the other tool recorded a checksum. `ignored`
/// are the characters that sqlx was configured to leave out of it.
pub(crate) fn match_rows(
    tool: ForeignTool,
    folder: &Folder,
    rows: &[ForeignRow],
    ignored: &[char],
) -> Matched {
    let taken: BTreeMap<&str, _> =
        folder.taken.iter().map(|taken| (taken.version.as_str(), taken)).collect();
    let mut matched = Matched::default();
    for row in rows {
        let version = match tool {
            ForeignTool::Diesel => row.version.replace('-', ""),
            _ => row.version.clone(),
        };
        if !row.success {
            // a row of Prisma's stays in the ledger, and `status` tells its state
            if tool != ForeignTool::Prisma {
                matched.problems.push(Problem::Failed { version });
            }
            continue;
        }
        let Some(taken) = taken.get(version.as_str()) else {
            matched.without_file.push(version);
            continue;
        };
        let recorded = row.checksum.as_deref();
        match (tool, recorded) {
            (ForeignTool::Prisma, Some(hex)) if !has_sha256(&taken.up, hex) => {
                match hex.trim().parse() {
                    Ok(earlier) => matched.earlier.push((taken.id.clone(), earlier)),
                    Err(()) => matched.problems.push(Problem::Edited { id: taken.id.clone() }),
                }
            }
            (ForeignTool::Sqlx, Some(hex)) if !has_sha384(&taken.up, hex, ignored) => {
                matched.problems.push(Problem::Edited { id: taken.id.clone() });
            }
            _ => matched.applied.push((taken.id.clone(), Some(row.applied_at.clone()))),
        }
    }
    matched.applied.sort_by(|a, b| a.0.cmp(&b.0));
    matched
}

/// Whether some spelling of the text has this SHA-384: as it is, with LF or CRLF line ends, with
/// or without a byte-order mark, and each without the characters that were left out.
fn has_sha384(bytes: &[u8], hex: &str, ignored: &[char]) -> bool {
    let mut spellings = vec![bytes.to_vec()];
    if let Ok(lf) = canonical(bytes) {
        let crlf = lf.replace('\n', "\r\n");
        for text in [lf.as_ref(), crlf.as_str()] {
            spellings.push(text.as_bytes().to_vec());
            spellings.push(format!("\u{feff}{text}").into_bytes());
            spellings.push(text.replace(ignored, "").into_bytes());
        }
    }
    spellings.iter().any(|text| sha384(text).eq_ignore_ascii_case(hex))
}

/// Whether the text has this SHA-256, with LF or CRLF line ends, with or without a byte-order mark.
fn has_sha256(bytes: &[u8], hex: &str) -> bool {
    let Ok(text) = canonical(bytes) else { return false };
    let spellings = Checksum::of_variants(&text).into_iter().chain([Checksum::of(&text)]);
    spellings.into_iter().any(|checksum| Ok(checksum) == hex.trim().parse())
}

fn sha384(bytes: &[u8]) -> String {
    Sha384::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Taken;
    use super::*;

    const LF: &str = "SELECT 1;\nSELECT 2;\n";
    const CRLF: &str = "SELECT 1;\r\nSELECT 2;\r\n";

    fn row(version: &str, checksum: Option<&str>) -> ForeignRow {
        ForeignRow {
            version: version.to_owned(),
            description: None,
            success: true,
            checksum: checksum.map(|text| sha384(text.as_bytes())),
            applied_at: "2026-01-02 03:04:05".to_owned(),
        }
    }

    fn folder(id: &str, version: &str, up: &str) -> Folder {
        let (id, version) = (id.parse().unwrap(), version.to_owned());
        let taken = vec![Taken { id, version, up: up.as_bytes().to_vec() }];
        Folder { taken, ..Folder::default() }
    }

    fn check_text(file: &str, applied: &str, ignored: &[char], expected: bool) {
        let folder = folder("1_a", "1", file);
        let matched = match_rows(ForeignTool::Sqlx, &folder, &[row("1", Some(applied))], ignored);
        assert_eq!(matched.problems.is_empty(), expected, "{file:?} {applied:?}");
        assert_eq!(matched.applied.len(), usize::from(expected));
    }

    #[test]
    fn line_ends_and_marks_do_not_count() {
        check_text(LF, LF, &[], true);
        check_text(LF, CRLF, &[], true);
        check_text(CRLF, LF, &[], true);
        check_text(LF, &format!("\u{feff}{CRLF}"), &[], true);
        check_text(LF, "SELECT 1;SELECT 2;", &['\n'], true);
        check_text(LF, "SELECT 1;SELECT 2;", &[], false);
        check_text(LF, "SELECT 1;\nSELECT 3;\n", &[], false);
    }

    #[test]
    fn rows_find_their_files() {
        let diesel = folder("2025-11-19-091444-0000_a", "202511190914440000", LF);
        let rows = [row("202511190914440000", None), row("20200101000000", None)];
        let matched = match_rows(ForeignTool::Diesel, &diesel, &rows, &[]);
        assert_eq!(matched.applied.len(), 1);
        assert_eq!(matched.without_file, ["20200101000000"]);
        let failed = ForeignRow { success: false, ..row("1", None) };
        let matched = match_rows(ForeignTool::Sqlx, &folder("1_a", "1", LF), &[failed], &[]);
        assert_eq!(matched.problems, [Problem::Failed { version: "1".to_owned() }]);
        assert!(matched.applied.is_empty());
    }

    #[test]
    fn a_prisma_row_with_another_text_is_kept_apart() {
        let check = |applied: &str, expected: [usize; 2]| {
            let checksum = Some(Checksum::of(applied).to_string());
            let row = ForeignRow { checksum, ..row("1_a", None) };
            let folder = folder("1_a", "1_a", LF);
            let matched = match_rows(ForeignTool::Prisma, &folder, &[row], &[]);
            assert_eq!([matched.applied.len(), matched.earlier.len()], expected, "{applied:?}");
        };
        check(LF, [1, 0]);
        check(CRLF, [1, 0]);
        check("SELECT 3;", [0, 1]);
    }
}
