//! One page per command, from its help text.

use std::collections::BTreeMap;
use std::fmt::Write;

use clap::{Arg, Command};

const NOTE: &str = "<!-- Written by `cargo xtask gen` from the help text. Do not edit. -->\n\n";
const FOLDER: &str = "docs/commands";

/// The pages, by path.
pub(super) fn pages() -> BTreeMap<String, String> {
    let root = root();
    let mut pages = BTreeMap::new();
    let mut list = String::new();
    for command in visible(&root) {
        let name = command.get_name();
        pages.insert(format!("{FOLDER}/{name}.md"), page(command));
        let _ = writeln!(list, "| [`{name}`]({name}.md) | {} |", cell(&about(command)));
    }
    let options = options("Every command takes these options.", own_arguments(&root));
    let index = format!(
        "{NOTE}# Commands\n\n| command | what it does |\n|---|---|\n{list}\n## Options\n\n{options}"
    );
    pages.insert(format!("{FOLDER}/README.md"), index);
    pages
}

/// The names of the commands that are shown in the help.
pub(crate) fn command_names() -> Vec<String> {
    visible(&root()).map(|command| command.get_name().to_owned()).collect()
}

/// `db` of the program, its global options passed on to every command.
fn root() -> Command {
    let mut program = xtask_db_cli::command();
    program.build();
    program.find_subcommand("db").cloned().unwrap_or(program)
}

fn visible(root: &Command) -> impl Iterator<Item = &Command> {
    root.get_subcommands().filter(|one| !one.is_hide_set() && one.get_name() != "help")
}

fn page(command: &Command) -> String {
    let name = command.get_name();
    let about = command.get_long_about().or_else(|| command.get_about());
    let about = about.map(ToString::to_string).unwrap_or_default();
    let mut text = format!("{NOTE}# `{name}`\n\n{}\n\n", about.trim());
    let _ = writeln!(text, "```text\n{}\n```\n", usage(command));
    text.push_str(&options("", own_arguments(command)));
    if let Some(after) = command.get_after_long_help().or_else(|| command.get_after_help()) {
        let _ = writeln!(text, "\n{}", after.to_string().trim());
    }
    text.trim_end().to_owned() + "\n"
}

fn usage(command: &Command) -> String {
    let line = command.clone().render_usage().to_string();
    let words = line.trim_start_matches("Usage:").trim();
    let name = command.get_name();
    let rest = words.split_once(name).map_or("", |(_, rest)| rest);
    format!("cargo xtask db {name}{rest}")
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

/// Arguments of the command itself: not the global ones, not `--help`.
fn own_arguments(command: &Command) -> Vec<&Arg> {
    let top = command.get_subcommands().next().is_some();
    let arguments = command.get_arguments().filter(|argument| {
        let id = argument.get_id().as_str();
        !argument.is_hide_set() && !matches!(id, "help" | "version")
    });
    arguments.filter(|argument| top || !argument.is_global_set()).collect()
}

fn options(title: &str, arguments: Vec<&Arg>) -> String {
    if arguments.is_empty() {
        return String::new();
    }
    let mut text = String::new();
    if !title.is_empty() {
        let _ = writeln!(text, "{title}\n");
    }
    text.push_str("| option | meaning |\n|---|---|\n");
    for argument in arguments {
        let _ = writeln!(text, "| `{}` | {} |", spelled(argument), cell(&meaning(argument)));
    }
    text
}

fn spelled(argument: &Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default();
    let value = names.iter().map(|name| format!("<{name}>")).collect::<Vec<_>>().join(" ");
    let takes = argument.get_action().takes_values();
    match (argument.get_long(), argument.get_short()) {
        (Some(long), short) => {
            let short = short.map_or_else(String::new, |short| format!("-{short}, "));
            let value = if takes { format!(" {value}") } else { String::new() };
            format!("{short}--{long}{value}")
        }
        (None, Some(short)) => format!("-{short}"),
        (None, None) => value,
    }
}

fn meaning(argument: &Arg) -> String {
    let help = argument.get_long_help().or_else(|| argument.get_help());
    let mut text = help.map(ToString::to_string).unwrap_or_default();
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if argument.get_action().takes_values() && !values.is_empty() {
        let _ = write!(text, " One of {}.", values.join(", "));
    }
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|value| format!("`{}`", value.to_string_lossy()))
        .collect();
    if argument.get_action().takes_values() && !defaults.is_empty() {
        let _ = write!(text, " Default: {}.", defaults.join(", "));
    }
    text
}

/// Text in one cell of a table.
fn cell(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.replace('|', "\\|")
}
