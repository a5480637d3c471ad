//! Puts edits into a text.

use crate::{Edit, Finding};

/// The text with the fixes of these findings, and how many were put in. A fix whose edits touch
/// those of an earlier one is left for the next run.
#[must_use]
pub fn apply<'f>(text: &str, findings: impl IntoIterator<Item = &'f Finding>) -> (String, usize) {
    let mut edits: Vec<&Edit> = Vec::new();
    let mut count = 0;
    for fix in findings.into_iter().filter_map(|finding| finding.fix.as_ref()) {
        let fits = |edit: &Edit| {
            text.get(edit.span.range()).is_some()
                && edits.iter().all(|taken| {
                    edit.span.end < taken.span.start || taken.span.end < edit.span.start
                })
        };
        if !fix.edits.is_empty() && fix.edits.iter().all(fits) {
            edits.extend(&fix.edits);
            count += 1;
        }
    }
    edits.sort_by_key(|edit| edit.span.start);
    let mut mended = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        mended.push_str(&text[at..edit.span.start]);
        mended.push_str(&edit.text);
        at = edit.span.end;
    }
    mended.push_str(&text[at..]);
    (mended, count)
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn fixes_that_touch_wait_for_the_next_run() {
        let rule = postgres("K06");
        let two = "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES b;\n\
                   ALTER TABLE c ADD CONSTRAINT g FOREIGN KEY (b) REFERENCES b;";
        let mended = "BEGIN;\nALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES b NOT VALID;\n\
                      COMMIT;\nALTER TABLE a VALIDATE CONSTRAINT f;\n\
                      BEGIN;\nALTER TABLE c ADD CONSTRAINT g FOREIGN KEY (b) REFERENCES b NOT VALID;\n\
                      COMMIT;\nALTER TABLE c VALIDATE CONSTRAINT g;";
        rule.mends(two, mended);
        rule.mends("SELECT 1", "SELECT 1");
    }
}
