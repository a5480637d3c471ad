//! Whole files and what is made of them. `UPDATE_GOLDEN=1` writes the expectations anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use xtask_db_sql::{Dialect, Effects, ObjectRef, Syntax, shape, split};

#[test]
fn golden_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    files.sort();
    assert!(files.len() >= 10, "golden files are missing");
    for file in files {
        check(&file);
    }
}

fn check(file: &Path) {
    let name = file.file_stem().unwrap().to_str().unwrap();
    let dialect: Dialect = name.split('_').next().unwrap().parse().unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let found = describe(&text, Syntax::of(dialect));
    let expected = file.with_extension("txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&expected, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&expected).unwrap_or_default();
    assert_eq!(found, expected, "{name}: UPDATE_GOLDEN=1 accepts what was found");
}

fn describe(text: &str, syntax: Syntax) -> String {
    let mut out = String::new();
    let script = match split(text, syntax) {
        Ok(script) => script,
        Err(error) => {
            let at = error.at();
            return format!("error {}:{} {error}\n", at.line, at.column);
        }
    };
    for directive in &script.directives {
        writeln!(
            out,
            "directive {}:{} {:?}",
            directive.at.line, directive.at.column, directive.kind
        )
        .unwrap();
    }
    match shape(text, &script, syntax) {
        Ok(shape) => writeln!(out, "shape {shape:?}").unwrap(),
        Err(error) => {
            let at = error.at();
            writeln!(out, "shape error {}:{} {error}", at.line, at.column).unwrap();
        }
    }
    for (number, statement) in script.statements.iter().enumerate() {
        let at = statement.at;
        let effects = effects(&statement.effects);
        writeln!(out, "-- {number} at {}:{}{effects}", at.line, at.column).unwrap();
        writeln!(out, "{}", &text[statement.span.range()]).unwrap();
    }
    out
}

/// What differs from a statement without effects.
fn effects(effects: &Effects) -> String {
    let mut out = String::new();
    let flags = [
        (effects.ddl, "ddl"),
        (effects.alone, "alone"),
        (effects.concurrently, "concurrently"),
        (effects.rebuild, "rebuild"),
    ];
    for (_, flag) in flags.iter().filter(|(set, _)| *set) {
        write!(out, " {flag}").unwrap();
    }
    if let Some(control) = effects.control {
        write!(out, " {control:?}").unwrap();
    }
    if let Some(reach) = effects.reach {
        write!(out, " reach={reach:?}").unwrap();
    }
    if let Some(on) = effects.foreign_keys {
        write!(out, " foreign_keys={on}").unwrap();
    }
    for ObjectRef { kind, schema, name, on } in &effects.objects {
        let schema = schema.as_ref().map(|schema| format!("{schema}/")).unwrap_or_default();
        let on = on.as_ref().map(|on| format!(" on {on}")).unwrap_or_default();
        write!(out, " [{kind:?} {schema}{name}{on}]").unwrap();
    }
    out
}
