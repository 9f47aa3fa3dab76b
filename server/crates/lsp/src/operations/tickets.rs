//! What was planned and shown, each for one yes. A yes is a token: it is good for that plan only, once, and not for long.

use super::Asked;
use analysis::ProjectId;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;
use workspace::{Operation, Planned};

/// Nobody knows after this long what they were asked.
const GOOD_FOR: Duration = Duration::from_secs(600);

/// A plan that somebody was shown.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    pub(crate) asked: Asked,
    pub(crate) fingerprint: String,
    /// Of the action that says yes.
    pub(crate) title: String,
    environment: String,
    expires: Instant,
}

impl Ticket {
    pub(super) fn new(asked: Asked, planned: &Planned) -> Ticket {
        let lost = if planned.is_destructive { ", and lose data" } else { "" };
        Ticket {
            asked,
            fingerprint: planned.fingerprint.clone(),
            title: format!("Yes: {}{lost} ({})", planned.title, planned.question.trim_end_matches('?')),
            environment: planned.environment.name.clone(),
            expires: Instant::now() + GOOD_FOR,
        }
    }
}

#[derive(Default)]
pub(crate) struct Tickets {
    open: Mutex<HashMap<String, Ticket>>,
}

impl Tickets {
    /// The token for it. Nobody can guess one, and an older plan of the same is worth nothing any more.
    pub(super) fn issue(&self, ticket: Ticket) -> String {
        let token = workspace::moment().id;
        let mut open = self.open.lock();
        open.retain(|_, other| {
            let is_same = other.asked.operation == ticket.asked.operation
                && other.environment == ticket.environment
                && other.asked.is_same_project(&ticket.asked);
            !is_same && other.expires > Instant::now()
        });
        open.insert(token.clone(), ticket);
        token
    }

    pub(super) fn take(&self, token: &str, operation: Operation) -> Result<Ticket, String> {
        let mut open = self.open.lock();
        let is_good = |ticket: &Ticket| ticket.expires > Instant::now() && ticket.asked.operation == operation;
        if !open.get(token).is_some_and(is_good) {
            return Err(format!(
                "nothing was changed: this yes was used, or is too old, or was never asked for; `driftlens.{}` shows the plan first",
                operation.as_str()
            ));
        }
        open.remove(token).ok_or_else(String::new)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.lock().is_empty()
    }

    /// What waits for a yes of a project.
    pub(crate) fn of(&self, project: &ProjectId) -> Vec<(String, Ticket)> {
        let open = self.open.lock();
        let is_of = |ticket: &Ticket| ticket.asked.is_about(project) && ticket.expires > Instant::now();
        open.iter().filter(|(_, ticket)| is_of(ticket)).map(|(token, it)| (token.clone(), it.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(operation: Operation, lives: Duration) -> Ticket {
        Ticket {
            asked: Asked::from_arguments(operation, Vec::new()).unwrap(),
            fingerprint: String::from("f"),
            title: String::new(),
            environment: String::from("dev"),
            expires: Instant::now() + lives,
        }
    }

    #[test]
    fn a_token_is_good_once_for_its_operation_and_not_for_long() {
        let tickets = Tickets::default();
        let token = tickets.issue(ticket(Operation::Push, GOOD_FOR));
        assert!(tickets.take("", Operation::Push).is_err());
        assert!(tickets.take(&token, Operation::Migrate).is_err());
        assert_eq!(tickets.take(&token, Operation::Push).unwrap().fingerprint, "f");
        assert!(tickets.take(&token, Operation::Push).is_err(), "used");
        let old = tickets.issue(ticket(Operation::Push, Duration::ZERO));
        assert!(tickets.take(&old, Operation::Push).is_err(), "too old");
        let first = tickets.issue(ticket(Operation::Push, GOOD_FOR));
        let second = tickets.issue(ticket(Operation::Push, GOOD_FOR));
        assert!(tickets.take(&first, Operation::Push).is_err(), "another plan was shown since");
        assert!(tickets.take(&second, Operation::Push).is_ok());
    }
}
