//! What is generated from the schema: the Rust types, then the `after-migrate` commands.

use xtask_db_sql::Dialect;

use crate::context::Context;
use crate::external::External;
use crate::fault::Fault;
use crate::types;

/// Writes the types, runs the commands in order, and stops at the first that fails. Returns the
/// commands.
pub(crate) async fn run(context: &Context, provider: Dialect) -> Result<Vec<String>, Fault> {
    if let Some((path, changed)) = types::write(context, provider).await? {
        let done = if changed { "written" } else { "up to date" };
        context.output.say(format!("types: {} is {done}", path.display()));
    }
    let commands = context.project()?.list("after-migrate");
    let total = commands.len();
    for (at, command) in commands.iter().enumerate() {
        let number = at + 1;
        context.output.say(format!("generator {number} of {total}: {command}"));
        let done = External::new(context, provider, command)?.run().await;
        done.map_err(|status| Fault::Generator {
            number,
            total,
            command: command.clone(),
            status,
        })?;
    }
    Ok(commands)
}
