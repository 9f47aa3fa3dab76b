//! A client over raw frames on in-memory streams. Everything it waits for has a limit.

use serde_json::{Value, json};
use std::collections::VecDeque;
use std::future::Future;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub(crate) const LIMIT: Duration = Duration::from_secs(20);

/// A client and the server task it talks to.
pub(crate) struct Client<T> {
    to_server: DuplexStream,
    from_server: FromServer,
    unread: VecDeque<Value>,
    next_id: i64,
    server: JoinHandle<T>,
}

enum FromServer {
    Reading(UnboundedReceiver<Value>),
    /// What the server says stays in a pipe of a few bytes.
    NotReading(DuplexStream),
    Moving,
}

/// Starts a server and a client that reads what it says.
pub(crate) fn start<T, F>(server: impl FnOnce(DuplexStream, DuplexStream) -> F) -> Client<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut client = start_without_reading(server);
    client.read();
    client
}

pub(crate) fn start_without_reading<T, F>(server: impl FnOnce(DuplexStream, DuplexStream) -> F) -> Client<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let (server_input, to_server) = duplex(4 * 1024);
    let (output, server_output) = duplex(4 * 1024);
    Client {
        to_server,
        from_server: FromServer::NotReading(output),
        unread: VecDeque::new(),
        next_id: 0,
        server: tokio::spawn(server(server_input, server_output)),
    }
}

/// Reads frames until the stream ends.
async fn read_frames(mut stream: impl AsyncRead + Unpin, mut frame: impl FnMut(Value)) {
    let mut buffer = Vec::new();
    let mut chunk = vec![0; 16 * 1024];
    loop {
        while let Some(header_end) = buffer.windows(4).position(|at| at == b"\r\n\r\n") {
            let header = std::str::from_utf8(&buffer[..header_end]).unwrap();
            let length: usize = header.strip_prefix("Content-Length: ").unwrap().parse().unwrap();
            let body = header_end + 4..header_end + 4 + length;
            if buffer.len() < body.end {
                break;
            }
            frame(serde_json::from_slice(&buffer[body.clone()]).unwrap());
            buffer.drain(..body.end);
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(n_bytes) => buffer.extend_from_slice(&chunk[..n_bytes]),
        }
    }
}

impl<T> Client<T> {
    /// From now on reads what the server says.
    pub(crate) fn read(&mut self) {
        let FromServer::NotReading(output) = std::mem::replace(&mut self.from_server, FromServer::Moving) else {
            panic!("reads already");
        };
        let (sender, receiver) = unbounded_channel();
        tokio::spawn(read_frames(output, move |value| {
            let _ = sender.send(value);
        }));
        self.from_server = FromServer::Reading(receiver);
    }

    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        timeout(LIMIT, self.to_server.write_all(bytes)).await.expect("the server reads").unwrap();
    }

    pub(crate) async fn send(&mut self, message: Value) {
        let body = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
    }

    pub(crate) async fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params})).await;
    }

    /// Sends a request and returns its id.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        self.send(json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})).await;
        id
    }

    /// The whole answer to a request sent before.
    pub(crate) async fn answer(&mut self, id: i64) -> Value {
        self.wait(|message| message["id"] == id && message.get("method").is_none()).await
    }

    /// Sends a request and returns its result; an error fails the test.
    pub(crate) async fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params).await;
        let answer = self.answer(id).await;
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The parameters of the next notification or request from the server.
    pub(crate) async fn call_from_server(&mut self, method: &str) -> Value {
        self.wait(|message| message["method"] == method).await
    }

    /// A message of the server that was put aside.
    pub(crate) fn unread(&mut self, method: &str) -> Option<Value> {
        let at = self.unread.iter().position(|message| message["method"] == method)?;
        self.unread.remove(at)
    }

    /// Answers a request of the server.
    pub(crate) async fn reply(&mut self, asked: &Value, result: Value) {
        self.send(json!({"jsonrpc": "2.0", "id": asked["id"], "result": result})).await;
    }

    /// Sends a request that is refused and returns the error's message.
    pub(crate) async fn refusal(&mut self, method: &str, params: Value) -> String {
        let id = self.ask(method, params).await;
        let answer = self.answer(id).await;
        answer["error"]["message"].as_str().unwrap_or_else(|| panic!("{method}: {answer}")).to_owned()
    }

    /// The next message that is wanted; the others are kept for later.
    pub(crate) async fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.unread.iter().position(&wanted) {
            return self.unread.remove(at).unwrap();
        }
        let FromServer::Reading(messages) = &mut self.from_server else { panic!("does not read yet") };
        loop {
            match timeout(LIMIT, messages.recv()).await {
                Ok(Some(message)) if wanted(&message) => return message,
                Ok(Some(message)) => self.unread.push_back(message),
                Ok(None) => panic!("the server ended; unread: {:?}", self.unread),
                Err(_) => panic!("waited too long; unread: {:?}", self.unread),
            }
        }
    }

    /// Leaves out of what came before.
    pub(crate) fn forget(&mut self, unwanted: impl Fn(&Value) -> bool) {
        self.unread.retain(|message| !unwanted(message));
    }

    /// Fails if a message that is not wanted comes within the time.
    pub(crate) async fn expect_none(&mut self, within: Duration, unwanted: impl Fn(&Value) -> bool) {
        let FromServer::Reading(messages) = &mut self.from_server else { panic!("does not read yet") };
        let _ = timeout(within, async {
            while let Some(message) = messages.recv().await {
                self.unread.push_back(message);
            }
        })
        .await;
        let found = self.unread.iter().find(|message| unwanted(message));
        assert!(found.is_none(), "{found:?}");
    }

    /// `initialize` and `initialized`; returns the result of the first.
    pub(crate) async fn initialize(&mut self, params: Value) -> Value {
        let result = self.request("initialize", params).await;
        self.notify("initialized", json!({})).await;
        result
    }

    /// What the server's future returns, its input left open.
    pub(crate) async fn ended(self) -> T {
        let Client { to_server, server, from_server, .. } = self;
        let ended = timeout(LIMIT, server).await.expect("the server ends").unwrap();
        drop((to_server, from_server));
        ended
    }

    /// Ends the server's input; what it says can still be read.
    pub(crate) async fn close_input(&mut self) {
        self.to_server.shutdown().await.unwrap();
    }

    /// Closes the pipe the server writes to.
    pub(crate) fn stop_reading(&mut self) {
        self.from_server = FromServer::Moving;
    }

    /// What the server's future returns when its input ends.
    pub(crate) async fn hang_up(mut self) -> T {
        self.close_input().await;
        self.ended().await
    }

    /// The polite end: `shutdown`, `exit`.
    pub(crate) async fn shut_down(mut self) -> T {
        assert_eq!(self.request("shutdown", Value::Null).await, Value::Null);
        self.send(json!({"jsonrpc": "2.0", "method": "exit"})).await;
        self.ended().await
    }
}
