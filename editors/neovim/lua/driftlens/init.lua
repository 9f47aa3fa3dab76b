-- What the server says of its projects in numbers, kept for the statusline and for the commands.

local M = {}

local QUIET_FOR_MS = 100

---@class driftlens.Database
---@field state 'off'|'connecting'|'connected'|'unreachable'
---@field reason? string
---@field environment string
---@field kind string
---@field address string
---@field unapplied? integer
---@field drift? integer
---@field unproved? integer

---@class driftlens.Project
---@field config string
---@field index integer
---@field label string
---@field name? string
---@field pending integer
---@field unknown integer
---@field errors integer
---@field environments { name: string, kind?: string }[]
---@field database? driftlens.Database

---@type table<integer, driftlens.Project[]> of each client
local projects = {}
---@type table<integer, true> clients that will be asked soon
local asked = {}

--- A value of JSON, where null is nil.
local function value(it)
  if it == vim.NIL then
    return nil
  end
  return it
end

---@param client vim.lsp.Client
---@param found table[]
---@return driftlens.Project[]
local function read(client, found)
  return vim.tbl_map(function(project)
    project = vim.tbl_map(value, project)
    project.database = project.database and vim.tbl_map(value, project.database)
    project.environments = project.environments or {}
    project.label = project.label or project.name or vim.fs.relpath(client.root_dir or '/', project.config) or project.config
    return project
  end, found or {})
end

--- Asks the server how its projects stand.
---@param client vim.lsp.Client
---@param on_answer? fun(error: string?)
function M.refresh(client, on_answer)
  client:request('driftlens/status', nil, function(error, status)
    if not error and status then
      projects[client.id] = read(client, status.projects)
      vim.cmd.redrawstatus({ bang = true })
      vim.api.nvim_exec_autocmds('User', { pattern = 'DriftlensStatus', modeline = false })
    end
    if on_answer then
      on_answer(error and error.message)
    end
  end)
end

--- Something may be another now. Many of these come one after another.
---@param client_id integer
function M.changed(client_id)
  if asked[client_id] then
    return
  end
  asked[client_id] = true
  vim.defer_fn(function()
    asked[client_id] = nil
    local client = vim.lsp.get_client_by_id(client_id)
    if client and not client:is_stopped() then
      M.refresh(client)
      require('driftlens.preview').refresh()
    end
  end, QUIET_FOR_MS)
end

--- The server of a buffer.
---@param buffer? integer
---@return vim.lsp.Client?
function M.client(buffer)
  return vim.lsp.get_clients({ name = 'driftlens', bufnr = buffer or vim.api.nvim_get_current_buf() })[1]
end

--- The projects of a server, as it said last.
---@param client vim.lsp.Client
---@return driftlens.Project[]
function M.projects(client)
  return projects[client.id] or {}
end

--- Those that a buffer belongs to: the ones in whose folder it lies, furthest down; else all.
---@param buffer? integer
---@return driftlens.Project[]
function M.projects_of(buffer)
  local client = M.client(buffer)
  if not client then
    return {}
  end
  local path = vim.api.nvim_buf_get_name(buffer or 0)
  local found, depth = {}, 0
  for _, project in ipairs(M.projects(client)) do
    local folder = vim.fs.dirname(project.config)
    if require('driftlens.project').is_below(path, folder) then
      if #folder > depth then
        found, depth = {}, #folder
      end
      if #folder == depth then
        table.insert(found, project)
      end
    end
  end
  return #found > 0 and found or M.projects(client)
end

--- What is open in a project, in words; 'in sync' where nothing is.
---@param project driftlens.Project
---@return string
function M.counts(project)
  local database = project.database or {}
  local words = {}
  local function add(count, one, many)
    if count and count > 0 then
      table.insert(words, ('%d %s'):format(count, count == 1 and one or many or one))
    end
  end
  add(project.errors, 'error', 'errors')
  add(project.pending, 'pending')
  add(database.unapplied, 'unapplied')
  add(database.drift, 'drift')
  add(project.unknown, 'unknown')
  return #words > 0 and table.concat(words, ', ') or 'in sync'
end

--- For the statusline: how the projects of the current buffer stand. Empty where no server is attached.
---@param buffer? integer
---@return string
function M.statusline(buffer)
  local texts = vim.tbl_map(function(project)
    local environment = project.database and (' (%s)'):format(project.database.environment) or ''
    return ('%s%s: %s'):format(project.label, environment, M.counts(project))
  end, M.projects_of(buffer))
  return table.concat(texts, '; ')
end

--- Called by the plugin itself; calling it again changes nothing.
function M.setup()
  local group = vim.api.nvim_create_augroup('driftlens', {})
  vim.api.nvim_create_autocmd('LspAttach', {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'driftlens' then
        require('driftlens.commands').attach(event.buf)
        M.changed(client.id)
      end
    end,
  })
  vim.api.nvim_create_autocmd('LspDetach', {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'driftlens' then
        pcall(vim.api.nvim_buf_del_user_command, event.buf, 'Driftlens')
      end
    end,
  })
  vim.api.nvim_create_autocmd('BufReadCmd', {
    group = group,
    pattern = 'driftlens-preview:/*',
    callback = function(event)
      require('driftlens.preview').read(event.buf, event.match)
    end,
  })
end

return M
