//! The faults measured on tower-lsp's own transport, each as a test of our driver.

use crate::harness::{Client, start, start_without_reading};
use lsp::driver::{self, Ended, ExitReason};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};
use tokio::io::DuplexStream;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::*;
use tower_lsp::{LanguageServer, LspService};

/// A server whose handlers do what real ones must not.
struct Faulty {
    client: tower_lsp::Client,
    /// Of the last didChange.
    version: Arc<AtomicI32>,
}

#[tower_lsp::async_trait]
impl LanguageServer for Faulty {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        Ok(InitializeResult::default())
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.version.store(params.text_document.version, Ordering::SeqCst);
    }

    /// Answers with the version it saw when it was called, after waiting a little.
    async fn hover(&self, _: HoverParams) -> Result<Option<Hover>> {
        let version = self.version.load(Ordering::SeqCst);
        tokio::task::yield_now().await;
        Ok(Some(Hover { contents: HoverContents::Scalar(MarkedString::String(version.to_string())), range: None }))
    }
}

impl Faulty {
    /// Waits for the client.
    async fn configuration(&self, _: Value) -> Result<Value> {
        let item = ConfigurationItem { scope_uri: None, section: None };
        self.client.configuration(vec![item]).await.map(Value::from)
    }

    async fn panic(&self, params: Value) -> Result<Value> {
        if params["late"] == true {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("on purpose");
    }

    async fn panic_silently(&self, _: Value) {
        panic!("on purpose");
    }

    async fn sleep(&self, _: Value) -> Result<Value> {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(json!("slept"))
    }

    /// As our handlers do heavy work: away from the runtime's own threads.
    async fn block(&self, _: Value) -> Result<Value> {
        let blocked = tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_secs(1)));
        blocked.await.map_err(|_| Error::internal_error())?;
        Ok(json!("blocked"))
    }

    async fn never(&self, _: Value) -> Result<Value> {
        std::future::pending().await
    }

    /// Gives up a question to the client after 10 ms: the future that waits for the answer is dropped.
    async fn give_up(&self, _: Value) -> Result<Value> {
        let question = self.client.show_message_request(MessageType::INFO, "?", None);
        Ok(json!(tokio::time::timeout(Duration::from_millis(10), question).await.is_err()))
    }

    async fn version(&self, _: Value) -> Result<Value> {
        Ok(json!(self.version.load(Ordering::SeqCst)))
    }
}

async fn serve(input: DuplexStream, output: DuplexStream) -> Ended {
    let (service, socket) = LspService::build(|client| Faulty { client, version: Arc::default() })
        .custom_method("configuration", Faulty::configuration)
        .custom_method("panic", Faulty::panic)
        .custom_method("panicSilently", Faulty::panic_silently)
        .custom_method("sleep", Faulty::sleep)
        .custom_method("block", Faulty::block)
        .custom_method("never", Faulty::never)
        .custom_method("giveUp", Faulty::give_up)
        .custom_method("version", Faulty::version)
        .finish();
    driver::serve(input, output, service, socket, || {}).await
}

async fn faulty() -> Client<Ended> {
    let mut client = start(serve);
    client.initialize(json!({"capabilities": {}})).await;
    client
}

impl Client<Ended> {
    async fn change(&mut self, version: i32) {
        let document = json!({"uri": "file:///a.ts", "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": []})).await;
    }

    async fn ask_hover(&mut self) -> i64 {
        let at = json!({"textDocument": {"uri": "file:///a.ts"}, "position": {"line": 0, "character": 0}});
        self.ask("textDocument/hover", at).await
    }

    /// That the server still lives, has applied everything and ends as it should.
    async fn lives(mut self, version: i32) {
        assert_eq!(self.request("version", json!({})).await, version);
        let ended = self.shut_down().await;
        assert_eq!((ended.reason, ended.code()), (ExitReason::Exit, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handlers_that_wait_for_the_client_do_not_block_messages() {
    for n_waiting in [4, 64] {
        let mut client = faulty().await;
        let mut asked = Vec::new();
        for _ in 0..n_waiting {
            asked.push(client.ask("configuration", json!({})).await);
        }
        for version in 1..=150 {
            client.change(version).await;
        }
        for _ in 0..n_waiting {
            let question = client.call_from_server("workspace/configuration").await;
            client.send(json!({"jsonrpc": "2.0", "id": question["id"], "result": ["yes"]})).await;
        }
        for id in asked {
            assert_eq!(client.answer(id).await["result"], json!(["yes"]));
        }
        client.lives(150).await;
    }
}

#[tokio::test]
async fn a_panic_is_an_internal_error() {
    let mut client = faulty().await;
    for params in [json!({}), json!({"late": true})] {
        let id = client.ask("panic", params).await;
        let error = client.answer(id).await["error"].clone();
        assert_eq!(error["code"], -32603);
        assert_eq!(error["message"], "Internal error in panic: on purpose");
    }
    client.notify("panicSilently", json!({})).await;
    client.change(1).await;
    client.lives(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_handlers_do_not_hold_up_a_change() {
    for method in ["sleep", "block"] {
        let mut client = faulty().await;
        for _ in 0..40 {
            client.ask(method, json!({})).await;
        }
        let started = Instant::now();
        client.change(7).await;
        assert_eq!(client.request("version", json!({})).await, 7);
        assert!(started.elapsed() < Duration::from_millis(500), "{method}: {:?}", started.elapsed());
        client.lives(7).await;
    }
}

#[tokio::test]
async fn one_of_five_hundred_busy_requests_is_cancelled_at_once() {
    let mut client = faulty().await;
    let mut ids = Vec::new();
    for _ in 0..500 {
        ids.push(client.ask("never", json!({})).await);
    }
    let started = Instant::now();
    client.notify("$/cancelRequest", json!({"id": ids[250]})).await;
    assert_eq!(client.answer(ids[250]).await["error"]["code"], -32800);
    assert!(started.elapsed() < Duration::from_millis(500), "{:?}", started.elapsed());
    client.notify("$/cancelRequest", json!({"id": 99_999})).await;
    client.lives(0).await;
}

#[tokio::test]
async fn exit_ends_the_server_though_its_input_stays_open() {
    let started = Instant::now();
    let mut client = faulty().await;
    client.ask("never", json!({})).await;
    assert_eq!(client.shut_down().await, Ended { reason: ExitReason::Exit, after_shutdown: true });
    let mut client = faulty().await;
    client.notify("exit", Value::Null).await;
    assert_eq!(client.ended().await.code(), 1);
    assert!(started.elapsed() < driver::END_WITHIN);
}

#[tokio::test]
async fn the_end_of_the_input_ends_the_server() {
    let started = Instant::now();
    let mut client = faulty().await;
    client.ask("never", json!({})).await;
    assert_eq!(client.hang_up().await, Ended { reason: ExitReason::EndOfInput, after_shutdown: false });
    assert!(started.elapsed() < driver::END_WITHIN);
}

#[tokio::test]
async fn requests_under_way_when_the_input_ends_are_still_answered() {
    let mut client = faulty().await;
    let id = client.ask("panic", json!({"late": true})).await;
    client.close_input().await;
    assert_eq!(client.answer(id).await["error"]["code"], -32603);
    assert_eq!(client.ended().await.reason, ExitReason::EndOfInput);
}

#[tokio::test]
async fn the_death_of_the_clients_process_ends_the_server() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let mut parent = std::process::Command::new("sleep").arg("600").spawn().unwrap();
    let mut client = start(serve);
    client.initialize(json!({"processId": parent.id(), "capabilities": {}})).await;
    client.change(1).await;
    assert_eq!(client.request("version", json!({})).await, 1);
    parent.kill().unwrap();
    let killed = Instant::now();
    assert_eq!(client.ended().await.reason, ExitReason::ClientGone);
    assert!(killed.elapsed() < driver::END_WITHIN, "{:?}", killed.elapsed());
    parent.wait().unwrap();
}

#[tokio::test]
async fn a_process_that_cannot_be_seen_is_no_reason_to_end() {
    let mut client = start(serve);
    client.initialize(json!({"processId": 2_000_000_000, "capabilities": {}})).await;
    tokio::time::sleep(Duration::from_millis(1_300)).await;
    client.lives(0).await;
}

#[tokio::test]
async fn malformed_frames_are_answered_and_forgotten() {
    let mut client = faulty().await;
    let frame = |body: &str| format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes();
    let mut bad_utf8 = b"Content-Length: 4\r\n\r\n\"".to_vec();
    bad_utf8.extend_from_slice(b"\xff\xfe\"");
    let kinds = [
        (frame("{bad json"), -32700),
        (bad_utf8, -32700),
        (b"Content-Length: much\r\n\r\n{}".to_vec(), -32700),
        (b"Content-Type: x\r\n\r\n{}".to_vec(), -32700),
        (b"rubbish\r\n".to_vec(), -32700),
        (b"Content-Length: 99999999999\r\n\r\n{}".to_vec(), -32700),
        (frame("[1, 2]"), -32600),
        (frame(r#"{"jsonrpc":"2.0","id":{},"method":"version"}"#), -32600),
        (frame(r#"{"id":7777,"method":"version"}"#), -32600),
        (frame(r#"{"jsonrpc":"2.0"}"#), -32600),
    ];
    for (version, (bytes, code)) in (1..).zip(kinds) {
        client.send_bytes(&bytes).await;
        client.change(version).await;
        let answer = client.wait(|message| message.get("error").is_some()).await;
        assert_eq!(answer["error"]["code"], code, "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(client.request("version", json!({})).await, version);
    }
    client.lives(10).await;
}

#[tokio::test]
async fn late_and_unknown_answers_are_ignored() {
    let mut client = faulty().await;
    assert_eq!(client.request("giveUp", json!({})).await, true);
    let question = client.call_from_server("window/showMessageRequest").await;
    for id in [question["id"].clone(), question["id"].clone(), json!(424_242), json!("text"), Value::Null] {
        client.send(json!({"jsonrpc": "2.0", "id": id, "result": null})).await;
    }
    client.change(1).await;
    client.lives(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_sees_exactly_the_changes_before_it() {
    let mut client = faulty().await;
    let mut asked = Vec::new();
    for version in 1..=2_000 {
        client.change(version).await;
        if version % 10 == 0 {
            asked.push((version, client.ask_hover().await));
        }
    }
    for (version, id) in asked {
        assert_eq!(client.answer(id).await["result"]["contents"], version.to_string());
    }
    client.lives(2_000).await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_still_listened_to() {
    let mut client = start_without_reading(serve);
    let mut asked = vec![client.ask("initialize", json!({"capabilities": {}})).await];
    for version in 1..=8_000 {
        client.change(version).await;
        asked.push(client.ask("version", json!({})).await);
    }
    client.read();
    for (version, id) in (0..).zip(asked) {
        let answer = client.answer(id).await;
        assert!(version == 0 || answer["result"] == version, "{answer}");
    }
    client.lives(8_000).await;
}

#[tokio::test]
async fn a_closed_output_ends_the_server() {
    let mut client = start_without_reading(serve);
    client.stop_reading();
    client.ask("initialize", json!({"capabilities": {}})).await;
    assert_eq!(client.ended().await.reason, ExitReason::OutputClosed);
}
