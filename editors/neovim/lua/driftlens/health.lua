-- :checkhealth driftlens

local M = {}

local WITHIN_MS = 3000

local function check_neovim()
  vim.health.start('driftlens: Neovim')
  local version = tostring(vim.version())
  if vim.fn.has('nvim-0.11') == 0 then
    vim.health.error(('Neovim %s has no vim.lsp.enable()'):format(version), { 'Install Neovim 0.11 or newer' })
    return false
  end
  vim.health.ok('Neovim ' .. version)
  if vim.lsp.config.driftlens == nil then
    vim.health.error('lsp/driftlens.lua is not found', { 'Put the folder editors/neovim onto the runtimepath' })
  elseif vim.lsp.is_enabled and not vim.lsp.is_enabled('driftlens') then
    vim.health.warn('the server is not enabled', { "Call vim.lsp.enable('driftlens') in your init.lua" })
  else
    vim.health.ok('the server is enabled')
  end
  return true
end

local function check_program()
  vim.health.start('driftlens: program')
  local cmd = (vim.lsp.config.driftlens or {}).cmd
  if type(cmd) ~= 'table' then
    return vim.health.info('cmd is a function: the program is not known')
  end
  local path = vim.fn.exepath(cmd[1])
  if path == '' then
    return vim.health.error(('%s is not found'):format(cmd[1]), {
      'Install driftlens into a folder of the PATH',
      "or name it: vim.lsp.config('driftlens', { cmd = { '/path/to/driftlens', 'lsp' } })",
    })
  end
  local ran, result = pcall(function()
    return vim.system({ path, '--version' }, { text = true }):wait(WITHIN_MS)
  end)
  local version = ran and result.code == 0 and result.stdout:match('^driftlens (%S+)')
  if version then
    vim.health.ok(('driftlens %s: %s'):format(version, path))
  else
    vim.health.error(('%s does not say its version'):format(path), { 'Is it driftlens, and made for this machine?' })
  end
end

local function check_folder()
  vim.health.start('driftlens: working directory')
  local project = require('driftlens.project')
  local folder = assert(vim.uv.cwd())
  local marker, home = project.find(folder)
  if marker and home then
    vim.health.ok('project: ' .. marker)
    vim.health.ok('root: ' .. project.root(home))
  else
    vim.health.info(('no project in %s or above it: the server does not start for its files'):format(folder))
  end
end

---@param project driftlens.Project
local function report(project)
  local counts = require('driftlens').counts(project)
  local tell = project.errors > 0 and vim.health.warn or vim.health.ok
  tell(('%s: %s (%s)'):format(project.label, counts, project.config))
  local database = project.database
  if not database then
    return vim.health.info(('%s: no database is configured'):format(project.label))
  end
  local text = ('%s: %s database %s at %s: %s'):format(
    project.label,
    database.kind,
    database.environment,
    database.address,
    database.state .. (database.reason and ', ' .. database.reason or '')
  )
  if database.state == 'unreachable' then
    vim.health.warn(text, { 'Run :Driftlens doctor' })
  elseif database.state == 'connected' then
    vim.health.ok(text)
  else
    vim.health.info(text)
  end
end

local function check_clients()
  vim.health.start('driftlens: servers')
  local driftlens = require('driftlens')
  local clients = vim.lsp.get_clients({ name = 'driftlens' })
  if #clients == 0 then
    return vim.health.info('none runs; it starts with the first file of a project')
  end
  for _, client in ipairs(clients) do
    local server = client.server_info or {}
    vim.health.ok(
      ('client %d: %s %s at %s, attached to %d buffer(s)'):format(
        client.id,
        server.name or 'driftlens',
        server.version or '',
        client.root_dir or 'no root',
        vim.tbl_count(client.attached_buffers)
      )
    )
    local answered, reason = false, nil
    driftlens.refresh(client, function(error)
      answered, reason = true, error
    end)
    vim.wait(WITHIN_MS, function()
      return answered
    end, 20)
    if not answered or reason then
      vim.health.error(
        ('it does not say how its projects stand: %s'):format(reason or 'no answer'),
        { 'See :lua vim.cmd.edit(vim.lsp.log.get_filename())' }
      )
    elseif #driftlens.projects(client) == 0 then
      vim.health.warn('the server found no project', { 'See :help driftlens-projects' })
    else
      vim.iter(driftlens.projects(client)):each(report)
    end
  end
end

function M.check()
  if check_neovim() then
    check_program()
    check_folder()
    check_clients()
  end
end

return M
