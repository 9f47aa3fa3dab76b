-- Whether a file belongs to a project: the server's own rules, without a server.

local M = {}

-- Files of other tools that make a project, and what stands in a folder of its own.
local files = { 'driftlens.toml', 'diesel.toml', 'sqlc.yaml', 'sqlc.yml', 'sqlc.json', 'supabase/config.toml' }

-- Where migrations lie without a configuration, seen from a folder above.
local folders = { 'migrations', 'migration', 'db/migrations', 'db/migration', 'supabase/migrations' }

local extensions = { ts = true, mts = true, cts = true, js = true, mjs = true, cjs = true, json = true }

--- True for drizzle.config.ts and its variants: drizzle-x.config.ts, drizzle.config.x.ts.
local function is_drizzle_config(name)
  local stem, extension = name:match('^(drizzle.*config.*)%.(%a+)$')
  if not stem or not extensions[extension] or stem:match('%.d$') or stem:match('%.test$') or stem:match('%.spec$') then
    return false
  end
  local rest = stem:sub(#'drizzle' + 1)
  return rest == '.config' or rest:match('^%.config[._-].') ~= nil or rest:match('^[._-].*%.config$') ~= nil
end

--- A folder of SQL files, or of folders with them.
local function has_sql(folder)
  local function is_sql(name, kind)
    return kind ~= 'directory' and name:match('%.sql$') ~= nil
  end
  for name, kind in vim.fs.dir(folder, { depth = 2 }) do
    if is_sql(name, kind) then
      return true
    end
  end
  return false
end

--- What makes a folder the root of a project: a path, or nil.
local function marker_in(folder)
  for name, kind in vim.fs.dir(folder) do
    if kind ~= 'directory' and is_drizzle_config(name) then
      return vim.fs.joinpath(folder, name)
    end
  end
  for _, file in ipairs(files) do
    local path = vim.fs.joinpath(folder, file)
    if (vim.uv.fs_stat(path) or {}).type == 'file' then
      return path
    end
  end
  for _, name in ipairs(folders) do
    local path = vim.fs.joinpath(folder, name)
    if (vim.uv.fs_stat(path) or {}).type == 'directory' and has_sql(path) then
      return path
    end
  end
end

--- The nearest configuration or migrations folder above a file, or in a folder and above it, and the folder that it is for. Nil without one.
---@param path string absolute
---@return string? marker, string? folder
function M.find(path)
  -- Not for fugitive://… and other documents that are no files; a drive's letter is no scheme.
  if path == '' or path:match('^%a[%w+.-]+:/') then
    return nil
  end
  local is_folder = (vim.uv.fs_stat(path) or {}).type == 'directory'
  local folder = is_folder and path or vim.fs.dirname(path)
  while folder do
    local marker = marker_in(folder)
    if marker then
      return marker, folder
    end
    local parent = vim.fs.dirname(folder)
    folder = parent ~= folder and parent or nil
  end
end

--- The folder that one server looks after: the repository where there is one, so that many packages share it.
---@param folder string
---@return string
function M.root(folder)
  return vim.fs.root(folder, '.git') or folder
end

--- Whether a path is a folder or lies in it.
---@param path string
---@param folder string
function M.is_below(path, folder)
  path, folder = vim.fs.normalize(path), vim.fs.normalize(folder)
  return path == folder or vim.startswith(path, folder:sub(-1) == '/' and folder or folder .. '/')
end

return M
