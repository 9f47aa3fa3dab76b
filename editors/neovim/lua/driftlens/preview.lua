-- Buffers of SQL that a migration would have. The server makes their text anew every time it is asked.

local M = {}

---@param buffer integer
---@param text string
local function show(buffer, text)
  local lines = vim.split((text:gsub('\n$', '')), '\n', { plain = true })
  if vim.deep_equal(lines, vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) then
    return
  end
  vim.bo[buffer].modifiable = true
  vim.bo[buffer].readonly = false
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].readonly = true
  vim.bo[buffer].modified = false
end

--- Asks one server after the other: only the one that showed it knows the project.
---@param buffer integer
---@param uri string
---@param clients vim.lsp.Client[]
---@param reason string?
local function ask(buffer, uri, clients, reason)
  local client = table.remove(clients, 1)
  if not client then
    return show(buffer, ('-- driftlens: %s'):format(reason or 'the server does not run'))
  end
  client:request('driftlens/previewText', { uri = uri }, function(error, answer)
    if not vim.api.nvim_buf_is_valid(buffer) then
      return
    elseif error then
      return ask(buffer, uri, clients, error.message)
    end
    show(buffer, answer.text)
  end)
end

--- Fills a buffer of the scheme driftlens-preview.
---@param buffer integer
---@param uri string
function M.read(buffer, uri)
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].readonly = true
  vim.bo[buffer].filetype = 'sql'
  ask(buffer, uri, vim.lsp.get_clients({ name = 'driftlens' }))
end

--- Every preview that is on screen shows what would be now.
function M.refresh()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local buffer = vim.api.nvim_win_get_buf(window)
    local uri = vim.api.nvim_buf_get_name(buffer)
    if vim.startswith(uri, 'driftlens-preview:') then
      ask(buffer, uri, vim.lsp.get_clients({ name = 'driftlens' }))
    end
  end
end

return M
