-- :Driftlens, in the buffers that the server is attached to. What the server offers it does itself; whatever else the program can do
-- runs in a terminal, where it asks its own questions.

local driftlens = require('driftlens')

local M = {}

---@class driftlens.Terminal
---@field project? boolean it knows --project
---@field database? boolean it knows --env
---@field has_words? boolean it has words of its own, so that the project's path is an option
---@field words? string[] what may follow

---@type table<string, driftlens.Terminal>
local terminal = {
  check = {},
  diff = { project = true, database = true, has_words = true, words = { 'history', 'desired', 'live' } },
  doctor = { database = true },
  down = { project = true, words = { '--volumes', '--dry-run' } },
  generate = { project = true, words = { '--custom', '--dry-run', '--name', '--rename', '--no-renames', '--with-down', '--repair' } },
  history = { project = true, words = { '--all', '--limit' } },
  init = { project = true, words = { '--dry-run' } },
  log = { project = true, has_words = true },
  migrate = { project = true, database = true, words = { '--dry-run', '--to', '--single-transaction', '--allow-out-of-order' } },
  pull = { project = true, database = true, words = { '--dry-run', '--out', '--force' } },
  push = { project = true, database = true, words = { '--dry-run', '--safe', '--rename', '--no-renames' } },
  rebase = { project = true, words = { '--dry-run', '--onto' } },
  reset = { project = true, database = true, words = { '--via-migrations', '--no-seed' } },
  rollback = { project = true, database = true, words = { '--dry-run', '--steps', '--to' } },
  status = { project = true, database = true },
  up = { project = true, words = { '--private', '--service', '--write-env', '--download' } },
}

---@param message string
local function say(message, level)
  vim.notify('driftlens: ' .. message, level or vim.log.levels.INFO)
end

--- Hands over the project that is meant: the only one, else the one that a person chooses.
---@param among driftlens.Project[]
---@param title string
---@param act fun(project: driftlens.Project)
local function choose(among, title, act)
  if #among == 0 then
    return say('no project was found')
  elseif #among == 1 then
    return act(among[1])
  end
  local function line(project)
    return ('%s: %s'):format(project.label, driftlens.counts(project))
  end
  vim.ui.select(among, { prompt = title, format_item = line }, function(project)
    if project then
      act(project)
    end
  end)
end

--- Has the server do it, and says why where it cannot.
---@param command string
---@param client vim.lsp.Client
---@param project driftlens.Project
local function execute(command, client, project)
  local arguments = { { version = 1, source = project.config, index = project.index } }
  client:request('workspace/executeCommand', { command = command, arguments = arguments }, function(error)
    if error then
      say(error.message, vim.log.levels.ERROR)
    end
  end)
end

--- Only projects with pending changes have something to generate or to show.
local function with_pending(command, title)
  local buffer = vim.api.nvim_get_current_buf()
  -- What was typed last may not be counted yet.
  local client = assert(driftlens.client())
  driftlens.refresh(client, function(failed)
    if failed then
      return say(failed, vim.log.levels.ERROR)
    end
    local among = vim.tbl_filter(function(project)
      return project.pending > 0
    end, driftlens.projects_of(buffer))
    if #among == 0 then
      return say('nothing is pending, the migrations have every change')
    end
    choose(among, title, function(project)
      execute(command, client, project)
    end)
  end)
end

--- The environment that was chosen, which the server looks at and commands run on.
---@param client vim.lsp.Client
local function environment(client)
  local name = vim.tbl_get(client.settings or {}, 'driftlens', 'database', 'environment')
  return name ~= '' and name or nil
end

--- The words of a command line.
---@param client vim.lsp.Client
---@param command string
---@param words string[]
---@param project driftlens.Project
---@return string[]
function M.command_line(client, command, words, project)
  local about = terminal[command]
  local program = type(client.config.cmd) == 'table' and client.config.cmd[1] or 'driftlens'
  local line = { program, command }
  vim.list_extend(line, words)
  vim.list_extend(line, about.has_words and { '--path', project.config } or { project.config })
  if about.project and project.name then
    vim.list_extend(line, { '--project', project.name })
  end
  local name = environment(client)
  if about.database and name and not vim.list_contains(words, '--env') and not vim.list_contains(words, '--url') then
    vim.list_extend(line, { '--env', name })
  end
  return line
end

local function run(command, words)
  local client = assert(driftlens.client())
  local unsaved = vim.tbl_filter(function(buffer)
    return vim.bo[buffer].modified and vim.lsp.buf_is_attached(buffer, client.id)
  end, vim.api.nvim_list_bufs())
  if #unsaved > 0 then
    say(('%s reads what is saved, and %d buffer(s) are not'):format(command, #unsaved), vim.log.levels.WARN)
  end
  choose(driftlens.projects_of(), ('driftlens %s of which project?'):format(command), function(project)
    local line = M.command_line(client, command, words, project)
    vim.cmd('botright new')
    vim.fn.jobstart(line, {
      term = true,
      cwd = vim.fs.dirname(project.config),
      on_exit = function()
        vim.cmd.checktime()
        if not client:is_stopped() then
          -- What ran may have changed a database.
          client:notify('driftlens/databaseChanged', vim.empty_dict())
          driftlens.refresh(client)
        end
      end,
    })
    vim.cmd.startinsert()
  end)
end

--- Looks at another environment; without a name at the one for development.
local function look_at(name)
  local client = assert(driftlens.client())
  local settings = vim.tbl_deep_extend('force', client.settings or {}, { driftlens = { database = { environment = name or '' } } })
  client.settings = settings
  client:notify('workspace/didChangeConfiguration', { settings = settings })
  say(('looks at %s'):format(name or 'the environment for development'))
end

local function describe()
  local lines = vim.tbl_map(function(project)
    local database = project.database
    local where = database
        and ('; %s database %s at %s: %s'):format(database.kind, database.environment, database.address, database.reason or database.state)
      or ''
    if database and (database.unproved or 0) > 0 then
      where = ('%s, %d unproved'):format(where, database.unproved)
    end
    return ('%s: %s%s'):format(project.label, driftlens.counts(project), where)
  end, driftlens.projects(assert(driftlens.client())))
  say(#lines > 0 and table.concat(lines, '\n') or 'no project was found')
end

--- What the server does, or we do ourselves.
local own = {
  env = function(words)
    look_at(words[1])
  end,
  generate = function()
    with_pending('driftlens.generate', 'Generate a migration of which project?')
  end,
  sql = function()
    with_pending('driftlens.showSql', 'The SQL of which project?')
  end,
}

local function names()
  local all = vim.tbl_keys(vim.tbl_extend('force', terminal, own))
  table.sort(all)
  return all
end

--- What may stand after a command.
local function words_after(command)
  local words = vim.deepcopy((terminal[command] or {}).words or {})
  for _, project in ipairs(driftlens.projects_of()) do
    for _, it in ipairs(project.environments) do
      if command == 'env' then
        table.insert(words, it.name)
      elseif (terminal[command] or {}).database then
        table.insert(words, '--env=' .. it.name)
      end
    end
  end
  return words
end

--- Completion of `:Driftlens`.
---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local before = vim.split(vim.trim(line:sub(1, #line - #lead)), '%s+')
  local candidates = #before <= 1 and names() or words_after(before[2])
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, candidates)
end

---@param buffer integer
function M.attach(buffer)
  vim.api.nvim_buf_create_user_command(buffer, 'Driftlens', function(event)
    local words = event.fargs
    local command = table.remove(words, 1)
    if not command then
      describe()
    elseif own[command] and not event.bang and (#words == 0 or not terminal[command]) then
      own[command](words)
    elseif terminal[command] then
      run(command, words)
    else
      say(('there is no command %s; there are %s'):format(command, table.concat(names(), ', ')), vim.log.levels.ERROR)
    end
  end, { nargs = '*', bang = true, complete = M.complete, desc = 'Driftlens: migrations and databases of this project' })
end

return M
