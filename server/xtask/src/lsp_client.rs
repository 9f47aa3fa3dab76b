//! A client of the language server, small enough to measure with: frames over the standard streams of a process.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// A server that says nothing for this long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct LspClient {
    child: Child,
    stdin: ChildStdin,
    /// Every message, with the moment at which its last byte was read.
    messages: Receiver<(Instant, Value)>,
    next_id: u64,
}

impl LspClient {
    /// Starts the server, and lets it know the folder.
    pub fn start(command: &mut Command, folder: &Path) -> Result<LspClient> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().context("the server cannot be started")?;
        let stdin = child.stdin.take().context("no standard input")?;
        let stdout = child.stdout.take().context("no standard output")?;
        let (sender, messages) = channel();
        std::thread::spawn(move || read_messages(stdout, &sender));
        let mut client = LspClient { child, stdin, messages, next_id: 1 };
        let root = file_uri(folder);
        let folders = json!([{ "uri": root, "name": "bench" }]);
        let capabilities = json!({ "textDocument": { "publishDiagnostics": { "versionSupport": true } } });
        let parameters = json!({
            "processId": std::process::id(),
            "rootUri": root,
            "workspaceFolders": folders,
            "capabilities": capabilities,
        });
        client.request("initialize", parameters)?;
        client.notify("initialized", json!({}))?;
        Ok(client)
    }

    pub fn notify(&mut self, method: &str, parameters: Value) -> Result<()> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": parameters }))
    }

    /// Asks, and waits for the answer. Notifications that come meanwhile are dropped.
    pub fn request(&mut self, method: &str, parameters: Value) -> Result<Value> {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }))?;
        loop {
            let (_, message) = self.receive(method)?;
            if message.get("id").and_then(Value::as_u64) != Some(id) || message.get("method").is_some() {
                continue;
            }
            if let Some(error) = message.get("error") {
                bail!("{method}: {error}");
            }
            return Ok(message.get("result").cloned().unwrap_or_default());
        }
    }

    /// Waits for the diagnostics of a file at one version; says when they came, and the list.
    pub fn diagnostics(&mut self, uri: &str, version: i64) -> Result<(Instant, Vec<Value>)> {
        loop {
            let (came, mut message) = self.receive("diagnostics")?;
            let Some(parameters) = message.get_mut("params").filter(|parameters| {
                parameters.get("uri").is_some_and(|of| of == uri)
                    && parameters.get("version").and_then(Value::as_i64) == Some(version)
            }) else {
                continue;
            };
            let list = parameters.get_mut("diagnostics").map(Value::take).unwrap_or_default();
            return Ok((came, serde_json::from_value(list)?));
        }
    }

    /// Ends the server as the protocol has it.
    pub fn stop(mut self) -> Result<()> {
        self.request("shutdown", Value::Null)?;
        self.notify("exit", Value::Null)?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }

    fn send(&mut self, message: &Value) -> Result<()> {
        let text = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        Ok(self.stdin.flush()?)
    }

    /// The next message; what the server asks is answered with null, which means no.
    fn receive(&mut self, awaited: &str) -> Result<(Instant, Value)> {
        let (came, message) = match self.messages.recv_timeout(PATIENCE) {
            Ok(received) => received,
            Err(RecvTimeoutError::Timeout) => bail!("no answer to {awaited} within {} s", PATIENCE.as_secs()),
            Err(RecvTimeoutError::Disconnected) => bail!("the server ended while {awaited} was awaited"),
        };
        if let (Some(id), Some(_)) = (message.get("id"), message.get("method")) {
            let answer = json!({ "jsonrpc": "2.0", "id": id, "result": null });
            self.send(&answer)?;
        }
        Ok((came, message))
    }
}

impl Drop for LspClient {
    fn drop(&mut self) {
        // Nothing to do about a server that has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The `file:` URI of an absolute path; the projects of the measurements have plain names.
pub fn file_uri(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let encoded: String = text.chars().map(|c| if c == ' ' { "%20".to_owned() } else { c.to_string() }).collect();
    if encoded.starts_with('/') { format!("file://{encoded}") } else { format!("file:///{encoded}") }
}

/// Passes on messages until the stream ends or nobody listens.
fn read_messages(stream: impl Read, messages: &Sender<(Instant, Value)>) {
    let mut reader = BufReader::new(stream);
    while let Some(body) = read_body(&mut reader) {
        let came = Instant::now();
        let Ok(message) = serde_json::from_slice(&body) else { return };
        if messages.send((came, message)).is_err() {
            return;
        }
    }
}

fn read_body(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse::<usize>().ok(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length?];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_read_by_their_length() {
        let mut stream = "Content-Length: 2\r\n\r\n{}content-length: 4\r\nContent-Type: x\r\n\r\nnull".as_bytes();
        assert_eq!(read_body(&mut stream).unwrap(), b"{}");
        assert_eq!(read_body(&mut stream).unwrap(), b"null");
        assert_eq!(read_body(&mut stream), None);
    }

    #[test]
    fn a_space_in_a_path_is_escaped() {
        assert_eq!(file_uri(Path::new("/a b/c.ts")), "file:///a%20b/c.ts");
    }
}
