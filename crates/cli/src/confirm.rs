//! Questions. Each has a flag that answers it; where nobody can be asked, it is refused.

use crate::context::Context;
use crate::fault::Fault;

impl Context {
    /// Asks yes or no.
    pub(crate) fn confirm(&self, question: &str, answered: bool, flag: &str) -> Result<(), Fault> {
        if answered {
            return Ok(());
        }
        self.refuse_unless_interactive(question, flag)?;
        match inquire::Confirm::new(question).with_default(false).prompt() {
            Ok(true) => Ok(()),
            _ => Err(Fault::Declined),
        }
    }

    /// Asks for a name to be typed.
    pub(crate) fn confirm_name(
        &self,
        question: &str,
        name: &str,
        typed: Option<&str>,
        flag: &str,
    ) -> Result<(), Fault> {
        match typed {
            Some(typed) if typed == name => return Ok(()),
            Some(typed) => {
                return Err(Fault::Refused {
                    what: format!("{flag} is {typed}, the database is {name}"),
                    hint: format!("{flag} {name}"),
                });
            }
            None => {}
        }
        self.refuse_unless_interactive(question, &format!("{flag} {name}"))?;
        let prompt = format!("{question} Type {name} to go on:");
        match inquire::Text::new(&prompt).prompt() {
            Ok(typed) if typed.trim() == name => Ok(()),
            _ => Err(Fault::Declined),
        }
    }

    /// Asks for one of several answers, of a person who is there.
    pub(crate) fn choose<T>(&self, question: &str, answers: Vec<(T, String)>) -> Result<T, Fault> {
        let (mut values, labels): (Vec<T>, Vec<String>) = answers.into_iter().unzip();
        match inquire::Select::new(question, labels).raw_prompt() {
            Ok(chosen) => Ok(values.swap_remove(chosen.index)),
            Err(_) => Err(Fault::Declined),
        }
    }

    /// Asks for a text, of a person who is there; what fits is offered.
    pub(crate) fn type_in(&self, question: &str, fits: &str) -> Result<String, Fault> {
        match inquire::Text::new(question).with_default(fits).prompt() {
            Ok(typed) => Ok(typed),
            Err(_) => Err(Fault::Declined),
        }
    }

    fn refuse_unless_interactive(&self, question: &str, flag: &str) -> Result<(), Fault> {
        if self.interactive {
            return Ok(());
        }
        Err(Fault::Unconfirmed { question: question.to_owned(), flag: flag.to_owned() })
    }
}
