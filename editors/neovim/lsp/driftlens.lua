-- Driftlens for Neovim 0.11 or newer. Put this folder on the runtimepath, then: vim.lsp.enable('driftlens')

local configuration = '^drizzle.*config.*%.[cm]?[jt]s$'

-- The other files and folders that make a project.
local markers = {
  ['driftlens.toml'] = true,
  ['diesel.toml'] = true,
  ['sqlc.yaml'] = true,
  ['sqlc.yml'] = true,
  ['sqlc.json'] = true,
  migrations = true,
  migration = true,
  supabase = true,
}

--- True for drizzle.config.ts and its variants, for drizzle.config.json, and for what else makes a project.
local function is_configuration(name)
  return markers[name] or name:match(configuration) ~= nil or name:match('^drizzle.*config.*%.json$') ~= nil
end

---@type vim.lsp.Config
return {
  cmd = { 'driftlens', 'lsp' },
  filetypes = { 'typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'json', 'sql', 'toml' },
  -- Without a configuration or a migrations folder above the file there is nothing to say: no server is started.
  root_dir = function(buffer, on_dir)
    local found = vim.fs.find(is_configuration, { path = vim.fs.dirname(vim.api.nvim_buf_get_name(buffer)), upward = true })[1]
    if not found then
      return
    end
    local folder = vim.fs.dirname(found)
    on_dir(vim.fs.root(folder, '.git') or folder)
  end,
}
