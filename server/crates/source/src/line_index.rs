//! From byte offsets to lines and columns and back. `\n`, `\r\n` and a lone `\r` end a line, as LSP has it.

/// A line and a column, both from 0; the column counts UTF-8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    pub line: u32,
    pub column: u32,
}

/// Where each line of a text starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    len: u32,
}

impl LineIndex {
    pub fn new(text: &str) -> LineIndex {
        let mut starts = vec![0];
        let bytes = text.as_bytes();
        for (position, byte) in bytes.iter().enumerate() {
            let ends_line = *byte == b'\n' || (*byte == b'\r' && bytes.get(position + 1) != Some(&b'\n'));
            if ends_line {
                starts.push(u32::try_from(position + 1).unwrap_or(u32::MAX));
            }
        }
        LineIndex { starts, len: u32::try_from(text.len()).unwrap_or(u32::MAX) }
    }

    /// Past the end is the end.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let offset = offset.min(self.len);
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default();
        LineColumn { line: u32::try_from(line).unwrap_or(u32::MAX), column: offset - start }
    }

    /// The offset at which a line starts; a line past the last one starts at the end of the text.
    pub fn line_start(&self, line: u32) -> u32 {
        self.starts.get(line as usize).copied().unwrap_or(self.len)
    }

    /// The offset at which a line ends, its line break left out.
    pub fn line_end(&self, line: u32, text: &str) -> u32 {
        let start = self.line_start(line);
        let next = self.line_start(line.saturating_add(1));
        let with_break = text.get(start as usize..next as usize).unwrap_or_default();
        start + u32::try_from(with_break.trim_end_matches(['\r', '\n']).len()).unwrap_or_default()
    }

    pub fn line_count(&self) -> usize {
        self.starts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        let text = "a\nb\r\nc\rd";
        let index = LineIndex::new(text);
        assert_eq!(index.line_count(), 4);
        assert_eq!(index.line_column(5), LineColumn { line: 2, column: 0 });
        assert_eq!(index.line_end(1, text), 3);
        assert_eq!(index.line_column(99), LineColumn { line: 3, column: 1 });
        assert_eq!(index.line_start(99), 8);
    }
}
