//! Whether the client's process still lives. Only Linux can be asked without unsafe code; elsewhere the end of the input must do.

use std::time::Duration;

const CHECK_EVERY: Duration = Duration::from_secs(1);

/// Returns when the process has ended; never, where it cannot be seen at all (another container, another system).
pub(crate) async fn gone(pid: u32) {
    let Some(born) = start_time(pid) else {
        tracing::debug!(pid, "the client's process cannot be seen; the end of the input will have to do");
        return std::future::pending().await;
    };
    loop {
        tokio::time::sleep(CHECK_EVERY).await;
        // A process that started later has only inherited the number.
        if start_time(pid).as_ref() != Some(&born) {
            return;
        }
    }
}

/// When a living process started, in clock ticks after boot; None for one that is gone or waits to be buried.
fn start_time(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the program's name in parentheses, which may hold spaces and parentheses itself.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") { None } else { fields.nth(18).map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_process_lives_and_process_zero_is_not_seen() {
        if cfg!(target_os = "linux") {
            assert!(start_time(std::process::id()).is_some());
        }
        assert_eq!(start_time(0), None);
    }
}
