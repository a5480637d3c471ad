//! A place in a file, shown with its source line and a caret.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use xtask_db_sql::Position;

/// The most lines of source that are handed to the renderer.
const LINES_MAX: usize = 7;

/// A place in a file.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) at: Position,
    label: String,
    /// The lines around the place.
    excerpt: String,
    /// The first line's number.
    first_line: usize,
    /// The byte of the place in the excerpt.
    offset: usize,
}

impl Source {
    /// A place in a text. Only the lines around it are kept: a file may have 100 MiB.
    pub(crate) fn at(path: &str, text: &str, at: Position, label: String) -> Self {
        let line = (at.line as usize).saturating_sub(1);
        let first = line.saturating_sub(LINES_MAX / 2);
        let lines: Vec<&str> = text.split('\n').skip(first).take(LINES_MAX).collect();
        let before: usize = lines.iter().take(line - first).map(|line| line.len() + 1).sum();
        let within = lines.get(line - first).map_or(0, |line| {
            let column = (at.column as usize).saturating_sub(1);
            line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte)
        });
        let excerpt = lines.join("\n");
        // A place after the last line is its end.
        let offset = (before + within).min(excerpt.len());
        Self { path: path.to_owned(), at, label, excerpt, first_line: first + 1, offset }
    }

    /// The place as text; plain, so that it reads in a log too.
    pub(crate) fn render(&self) -> String {
        let end = self.excerpt[self.offset..]
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '"'))
            .map_or(self.excerpt.len(), |length| self.offset + length.max(1));
        let end = end.min(self.excerpt.len()).max(self.offset);
        let end = self.excerpt.ceil_char_boundary(end);
        let annotation = AnnotationKind::Primary.span(self.offset..end).label(&self.label);
        let snippet = Snippet::source(&self.excerpt)
            .line_start(self.first_line)
            .path(&self.path)
            .annotation(annotation);
        let group = Level::ERROR.no_name().primary_title("").element(snippet);
        let text = Renderer::plain().render(&[group]);
        // The title is printed by the caller; the renderer's is empty.
        let lines = text.lines().skip_while(|line| !line.contains(&self.path));
        lines.collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_word() {
        let at = Position { line: 2, column: 13 };
        let source = Source::at("m/migration.sql", "a;\nINSERT INTO missing;\n", at, "no".into());
        let text = source.render();
        assert!(text.contains("m/migration.sql:2:13"), "{text}");
        assert!(text.contains("^^^^^^^ no"), "{text}");
    }

    #[test]
    fn places_at_the_very_end_do_not_panic() {
        for text in ["", "a", "é", "a\n"] {
            for line in 1..4 {
                for column in 1..4 {
                    let at = Position { line, column };
                    drop(Source::at("p", text, at, String::new()).render());
                }
            }
        }
    }
}
