//! Frames of the base protocol, read leniently: a malformed one is reported, and reading goes on at the next header.

use serde_json::Value;

/// A body larger than this is refused: no editor sends one, and a garbled length must not make the server wait for ever.
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;
/// A header line longer than this is taken for garbage.
const MAX_HEADER_BYTES: usize = 4 * 1024;
const CONTENT_LENGTH: &[u8] = b"content-length";

/// What the bytes said.
#[derive(Debug, PartialEq)]
pub(crate) enum Frame {
    Json(Value),
    /// Something that is no frame, with what is wrong about it.
    Malformed(String),
}

enum State {
    Headers {
        length: Option<usize>,
        any: bool,
    },
    Body(usize),
    /// Looking for the next `Content-Length: <digits>` line.
    Lost,
}

const FRESH: State = State::Headers { length: None, any: false };

/// Turns bytes into frames. Does no I/O.
pub(crate) struct FrameParser {
    buffer: Vec<u8>,
    at: usize,
    state: State,
}

impl FrameParser {
    pub(crate) fn new() -> FrameParser {
        FrameParser { buffer: Vec::new(), at: 0, state: FRESH }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.at == self.buffer.len() || self.at > MAX_HEADER_BYTES {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next frame, None when more bytes are needed.
    pub(crate) fn next(&mut self) -> Option<Frame> {
        loop {
            let frame = match self.state {
                State::Headers { length, any } => self.header_line(length, any)?,
                State::Body(length) => Some(self.body(length)?),
                State::Lost => {
                    self.find_header()?;
                    None
                }
            };
            if frame.is_some() {
                return frame;
            }
        }
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    fn lose(&mut self, reason: impl Into<String>) -> Option<Option<Frame>> {
        self.state = State::Lost;
        Some(Some(Frame::Malformed(reason.into())))
    }

    /// The outer None asks for more bytes.
    fn header_line(&mut self, length: Option<usize>, any: bool) -> Option<Option<Frame>> {
        let Some(end) = self.rest().iter().position(|byte| *byte == b'\n') else {
            return if self.rest().len() > MAX_HEADER_BYTES { self.lose("a header line without an end") } else { None };
        };
        let line = String::from_utf8_lossy(self.rest().get(..end).unwrap_or_default()).trim().to_owned();
        let line_start = self.at;
        self.at += end + 1;
        if line.is_empty() {
            return match length {
                Some(length) => {
                    self.state = State::Body(length);
                    Some(None)
                }
                None if any => self.lose("headers without Content-Length"),
                // Blank lines between two frames are harmless.
                None => Some(None),
            };
        }
        let (name, value) = line.split_once(':').unwrap_or((line.as_str(), ""));
        let name = name.trim_end().to_ascii_lowercase();
        if name.as_bytes() == CONTENT_LENGTH {
            return match value.trim().parse::<usize>() {
                Ok(length) if length <= MAX_BODY_BYTES => {
                    self.state = State::Headers { length: Some(length), any: true };
                    Some(None)
                }
                Ok(length) => {
                    self.lose(format!("a body of {length} bytes is too large (the limit is {MAX_BODY_BYTES})"))
                }
                Err(_) => self.lose(format!("Content-Length is not a number: {:?}", value.trim())),
            };
        }
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !line.contains(':') || !is_name || name.as_bytes().ends_with(CONTENT_LENGTH) {
            // The rest of a body that was longer than announced: the next header may be on this very line.
            self.at = line_start;
            return self.lose("a header expected");
        }
        self.state = State::Headers { length, any: true };
        Some(None)
    }

    fn body(&mut self, length: usize) -> Option<Frame> {
        let body = self.rest().get(..length)?;
        match serde_json::from_slice(body) {
            Ok(value) => {
                self.at += length;
                self.state = FRESH;
                Some(Frame::Json(value))
            }
            Err(error) => {
                // A length that was too long swallowed the next header: look for it from the body's start on. It cannot be
                // found inside a body that is well-formed up to there, for JSON strings hold no raw line break.
                self.state = State::Lost;
                Some(Frame::Malformed(error.to_string()))
            }
        }
    }

    /// Moves to the next header line, or drops what cannot be the start of one and asks for more bytes.
    fn find_header(&mut self) -> Option<()> {
        let mut skip = 0;
        loop {
            let rest = self.rest().get(skip..).unwrap_or_default();
            let Some(found) = rest.windows(CONTENT_LENGTH.len()).position(|at| at.eq_ignore_ascii_case(CONTENT_LENGTH))
            else {
                // The last bytes may be the beginning of the name.
                self.at = self.buffer.len() - rest.len().min(CONTENT_LENGTH.len() - 1);
                return None;
            };
            match completes_header(rest.get(found + CONTENT_LENGTH.len()..).unwrap_or_default()) {
                Some(true) => {
                    self.at += skip + found;
                    self.state = FRESH;
                    return Some(());
                }
                Some(false) => skip += found + CONTENT_LENGTH.len(),
                None => {
                    self.at += skip + found;
                    return None;
                }
            }
        }
    }
}

/// Whether `: <digits>` and a line break follow; None when the bytes end before that is known.
fn completes_header(bytes: &[u8]) -> Option<bool> {
    let mut seen_colon = false;
    let mut n_digits = 0;
    for byte in bytes {
        match byte {
            b' ' | b'\t' | b'\r' => {}
            b':' if !seen_colon => seen_colon = true,
            b'0'..=b'9' if seen_colon && n_digits < 20 => n_digits += 1,
            b'\n' => return Some(n_digits > 0),
            _ => return Some(false),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    /// The frames of a text, given whole and byte by byte: `!` stands for a malformed one.
    fn check(bytes: &[u8], expected: &[&str]) {
        for step in [bytes.len(), 1, 7] {
            let mut parser = FrameParser::new();
            let mut frames = Vec::new();
            for part in bytes.chunks(step) {
                parser.push(part);
                while let Some(frame) = parser.next() {
                    frames.push(match frame {
                        Frame::Json(value) => value.to_string(),
                        Frame::Malformed(_) => "!".to_owned(),
                    });
                }
            }
            assert_eq!(frames, expected, "in steps of {step}");
        }
    }

    #[test]
    fn headers_are_read_whatever_their_case_and_company() {
        let text = "content-LENGTH : 1\nContent-Type: application/vscode-jsonrpc; charset=utf-8\n\n7\r\n\r\n";
        check(format!("{text}{}", framed("8")).as_bytes(), &["7", "8"]);
    }

    #[test]
    fn a_malformed_frame_costs_nothing_but_itself() {
        let next = framed("2");
        for bad in [
            framed("{bad"),
            framed(""),
            "Content-Type: x\r\n\r\n{\"a\":1}".to_owned(),
            "Content-Length: many\r\n\r\n{\"a\":1}".to_owned(),
            "Content-Length: -4\r\n\r\n{\"a\":1}".to_owned(),
            "Content-Length: 99999999999999999999999999\r\n\r\n{\"a\":1}".to_owned(),
            "Content-Length: 999999999999\r\n\r\n{\"a\":1}".to_owned(),
            "no header at all\r\n".to_owned(),
            // One byte longer than the body.
            "Content-Length: 2\r\n\r\n3".to_owned(),
        ] {
            check(format!("{}{bad}{next}", framed("1")).as_bytes(), &["1", "!", "2"]);
        }
    }

    #[test]
    fn a_body_longer_than_announced_does_not_hide_the_next_frame() {
        check(format!("Content-Length: 3\r\n\r\n{{\"a\":5}}{}", framed("2")).as_bytes(), &["!", "2"]);
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_malformed() {
        let mut bytes = b"Content-Length: 4\r\n\r\n\"\xff\xfe\"".to_vec();
        bytes.extend_from_slice(framed("2").as_bytes());
        check(&bytes, &["!", "2"]);
    }

    #[test]
    fn a_body_may_speak_of_headers() {
        let body = json!("Content-Length: 5\r\n\r\n{}").to_string();
        check(format!("{}{}", framed(&body), framed("2")).as_bytes(), &[&body, "2"]);
    }

    #[test]
    fn an_endless_header_is_given_up() {
        let garbage = "x".repeat(3 * MAX_HEADER_BYTES);
        check(format!("{garbage}{}", framed("2")).as_bytes(), &["!", "2"]);
    }
}
