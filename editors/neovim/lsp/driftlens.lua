-- Driftlens for Neovim 0.11 or newer. Put this folder on the runtimepath, then: vim.lsp.enable('driftlens')

local project = require('driftlens.project')

-- For whom puts the folder onto the runtimepath after the plugins were loaded.
require('driftlens').setup()

---@type vim.lsp.Config
return {
  cmd = { 'driftlens', 'lsp' },
  filetypes = { 'typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'json', 'jsonc', 'sql', 'toml' },
  -- Without a configuration or a migrations folder there is nothing to say: no server is started.
  root_dir = function(buffer, on_dir)
    local path = vim.api.nvim_buf_get_name(buffer)
    local _, folder = project.find(path)
    if folder then
      return on_dir(project.root(folder))
    end
    -- A schema file may lie beside the package with the configuration: a server that runs for its repository knows.
    for _, client in ipairs(vim.lsp.get_clients({ name = 'driftlens' })) do
      if client.root_dir and project.is_below(path, client.root_dir) then
        return on_dir(client.root_dir)
      end
    end
  end,
  capabilities = {
    experimental = { driftlensPreview = true, driftlensChanged = true },
  },
  handlers = {
    ['driftlens/changed'] = function(_, _, context)
      require('driftlens').changed(context.client_id)
    end,
  },
}
