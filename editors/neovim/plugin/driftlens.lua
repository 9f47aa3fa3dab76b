-- Loaded at the start: says what is missing where Neovim is too old, else waits for the server.

if vim.fn.has('nvim-0.11') == 0 then
  vim.schedule(function()
    vim.notify_once('driftlens: needs Neovim 0.11 or newer; this one has no vim.lsp.enable()', vim.log.levels.WARN)
  end)
  return
end

require('driftlens').setup()
