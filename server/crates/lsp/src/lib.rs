//! The JSON-RPC face on tower-lsp.
