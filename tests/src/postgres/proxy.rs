//! A TCP proxy before a server's socket that does what networks do.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::Server;

/// What becomes of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// It is taken, and nothing is ever said.
    Hang,
    /// Each answer comes so much later.
    Latency(Duration),
    /// It ends when the client sends a message with this text, which the server still gets.
    CutAt(&'static str),
}

#[derive(Default)]
struct Shared {
    fault: Mutex<Option<Fault>>,
    open: Mutex<Vec<TcpStream>>,
}

/// Ends with the process; what it is told holds for new connections.
pub struct Proxy {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

impl Proxy {
    pub fn before(server: &Server) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let (known, socket) = (shared.clone(), server.socket());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let fault = known.fault.lock().unwrap().clone().unwrap_or(Fault::None);
                known.open.lock().unwrap().push(client.try_clone().unwrap());
                if fault != Fault::Hang {
                    pass(client, socket.clone(), fault);
                }
            }
        });
        Proxy { address, shared }
    }

    /// The address of a database through it.
    pub fn url(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@{}/{database}", self.address)
    }

    pub fn set(&self, fault: Fault) {
        *self.shared.fault.lock().unwrap() = Some(fault);
    }

    /// Ends all connections, as a server does that is started anew.
    pub fn cut(&self) {
        for client in self.shared.open.lock().unwrap().drain(..) {
            let _ = client.shutdown(Shutdown::Both);
        }
    }
}

/// Passes on what is said, in both directions.
fn pass(mut client: TcpStream, socket: PathBuf, fault: Fault) {
    let mut server = UnixStream::connect(socket).unwrap();
    let (mut to_client, mut from_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let latency = match fault {
        Fault::Latency(latency) => latency,
        _ => Duration::ZERO,
    };
    std::thread::spawn(move || {
        let mut buffer = [0; 1 << 16];
        while let Ok(n @ 1..) = from_server.read(&mut buffer) {
            std::thread::sleep(latency);
            if to_client.write_all(&buffer[..n]).is_err() {
                break;
            }
        }
        let _ = to_client.shutdown(Shutdown::Both);
    });
    std::thread::spawn(move || {
        let mut buffer = [0; 1 << 16];
        while let Ok(n @ 1..) = client.read(&mut buffer) {
            if server.write_all(&buffer[..n]).is_err() {
                break;
            }
            let is_it = |text: &str| buffer[..n].windows(text.len()).any(|window| window == text.as_bytes());
            if matches!(&fault, Fault::CutAt(text) if is_it(text)) {
                break;
            }
        }
        let _ = client.shutdown(Shutdown::Both);
        let _ = server.shutdown(Shutdown::Both);
    });
}
