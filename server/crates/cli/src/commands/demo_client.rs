//! A client of our own language server, as small as an editor's can be: it starts the server, opens a file, asks, and prints.

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The server answers in milliseconds; this only bounds a failure.
const PATIENCE: Duration = Duration::from_secs(20);

/// Opens `file` in the project and tells what the server says about it.
pub(super) fn talk(folder: &Path, file: &Path) -> anyhow::Result<String> {
    let folder = std::path::absolute(folder)?;
    let file = std::path::absolute(file)?;
    let text = std::fs::read_to_string(&file)?;
    let mut client = Client::start()?;
    let result = client.session(&folder, &file, &text);
    // Whatever happened, no process stays behind.
    let _ = client.child.kill();
    let _ = client.child.wait();
    result
}

struct Client {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    last_id: u64,
}

impl Client {
    fn start() -> anyhow::Result<Client> {
        let program: PathBuf = std::env::current_exe()?;
        let mut child = Command::new(program)
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("the server cannot be started")?;
        let input = child.stdin.take().context("the server has no input")?;
        let output = child.stdout.take().context("the server has no output")?;
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(output);
            while let Some(message) = read_message(&mut reader) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Ok(Client { child, input, messages, last_id: 0 })
    }

    fn session(&mut self, folder: &Path, file: &Path, text: &str) -> anyhow::Result<String> {
        let (root, uri) = (file_uri(folder), file_uri(file));
        let started = Instant::now();
        let capabilities = json!({
            "general": { "positionEncodings": ["utf-8"] },
            "textDocument": {
                "hover": { "contentFormat": ["markdown"] },
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            },
        });
        let folders = json!([{ "uri": root, "name": "demo" }]);
        let server = self.request(
            "initialize",
            json!({ "processId": null, "rootUri": root, "capabilities": capabilities, "workspaceFolders": folders }),
        )?;
        self.notify("initialized", json!({}))?;
        let document = json!({ "uri": uri, "languageId": "typescript", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }))?;
        let diagnostics = self.diagnostics_of(&uri)?;
        let elapsed = started.elapsed().as_millis();
        let mut report = String::new();
        let name = server.pointer("/serverInfo/name").and_then(Value::as_str).unwrap_or("the server");
        let _ = writeln!(report, "diagnostics ({name}, {elapsed} ms after its start)");
        for diagnostic in &diagnostics {
            let line = diagnostic.pointer("/range/start/line").and_then(Value::as_u64).unwrap_or_default() + 1;
            let code = diagnostic.get("code").and_then(Value::as_str).unwrap_or_default();
            let message = diagnostic.get("message").and_then(Value::as_str).unwrap_or_default();
            let _ = writeln!(report, "  line {line}: {} [{code}]", message.lines().next().unwrap_or_default());
        }
        self.hover(&uri, text, &mut report)?;
        self.symbols(&uri, &mut report)?;
        self.request("shutdown", Value::Null)?;
        self.notify("exit", Value::Null)?;
        Ok(report)
    }

    fn hover(&mut self, uri: &str, text: &str, report: &mut String) -> anyhow::Result<()> {
        let (line, column) = place_of(text, "customerId").context("the schema has no customerId")?;
        let position = json!({ "line": line, "character": column });
        let hover =
            self.request("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": position }))?;
        let _ = writeln!(report, "\nhover on `customerId` (line {})", line + 1);
        let markdown = hover.pointer("/contents/value").and_then(Value::as_str).unwrap_or("nothing");
        markdown.lines().for_each(|line| {
            let _ = writeln!(report, "  {line}");
        });
        Ok(())
    }

    fn symbols(&mut self, uri: &str, report: &mut String) -> anyhow::Result<()> {
        let symbols = self.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }))?;
        let _ = writeln!(report, "\nsymbols");
        for table in symbols.as_array().into_iter().flatten() {
            let name = |symbol: &Value| symbol.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            let children = table.get("children").and_then(Value::as_array);
            let names: Vec<String> = children.into_iter().flatten().map(name).collect();
            let _ = writeln!(report, "  {}: {}", name(table), names.join(", "));
        }
        Ok(())
    }

    fn send(&mut self, message: &Value) -> anyhow::Result<()> {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len())?;
        Ok(self.input.flush()?)
    }

    fn notify(&mut self, method: &str, params: Value) -> anyhow::Result<()> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    fn request(&mut self, method: &str, params: Value) -> anyhow::Result<Value> {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            let message = self.next(method)?;
            if message.get("id").and_then(Value::as_u64) == Some(id) && message.get("method").is_none() {
                if let Some(error) = message.get("error") {
                    bail!("{method}: {error}");
                }
                return Ok(message.get("result").cloned().unwrap_or(Value::Null));
            }
        }
    }

    /// The first findings published for a file.
    fn diagnostics_of(&mut self, uri: &str) -> anyhow::Result<Vec<Value>> {
        loop {
            let message = self.next("textDocument/publishDiagnostics")?;
            let is_it = message.get("method").and_then(Value::as_str) == Some("textDocument/publishDiagnostics")
                && message.pointer("/params/uri").and_then(Value::as_str) == Some(uri);
            if is_it {
                let list = message.pointer("/params/diagnostics").and_then(Value::as_array);
                return Ok(list.cloned().unwrap_or_default());
            }
        }
    }

    fn next(&self, waiting_for: &str) -> anyhow::Result<Value> {
        self.messages.recv_timeout(PATIENCE).with_context(|| format!("no answer while waiting for {waiting_for}"))
    }
}

/// One framed message; None at the end.
fn read_message(reader: &mut BufReader<impl std::io::Read>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => {
                if let Some(value) = header.strip_prefix("Content-Length:") {
                    length = value.trim().parse().ok()?;
                }
            }
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// A `file:` URI with everything but plain characters percent-encoded.
fn file_uri(path: &Path) -> String {
    let mut uri = String::from("file://");
    let text = path.to_string_lossy().replace('\\', "/");
    if !text.starts_with('/') {
        uri.push('/');
    }
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// Line and column, from 0, of the first place of `word`.
fn place_of(text: &str, word: &str) -> Option<(usize, usize)> {
    text.lines().enumerate().find_map(|(line, content)| Some((line, content.find(word)?)))
}
