-- What the plugin adds to the server, in a real Neovim: where it attaches, :Driftlens, previews, the statusline, :checkhealth, :help, and
-- how it is installed. Run like test.lua.

local harness = dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/harness.lua')
local ok, wait, write = harness.ok, harness.wait, harness.write

local root = vim.fn.tempname()
harness.project(root)
write(root .. '/drizzle.config.ts', [[
export default { dialect: 'sqlite', schema: './src/schema.ts', out: './drizzle', dbCredentials: { url: './dev.db' } };
]])
write(root .. '/driftlens.toml', [[
drizzle = "drizzle.config.ts"

[environments.local]
url = "./dev.db"
kind = "development"
]])
harness.install()

--- What was said to the person, and forgotten with it.
local said = {}
vim.notify = function(message)
  table.insert(said, message)
end
vim.notify_once = vim.notify
local function hears(text, name)
  wait(function()
    return table.concat(said, '\n'):find(text, 1, true) ~= nil
  end, name)
  said = {}
end

local function text_of(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
end

local function has(text, part, name)
  ok(text:find(part, 1, true) ~= nil, name)
end

--- :checkhealth driftlens, as text.
local function health()
  vim.cmd('silent checkhealth driftlens')
  local text = text_of(0)
  vim.cmd('silent bwipeout!')
  return text
end

-- An older Neovim, as far as the plugin can tell.
local has_feature = vim.fn.has
vim.fn.has = function() return 0 end
vim.cmd.source(harness.plugin .. '/plugin/driftlens.lua')
vim.fn.has = has_feature
hears('needs Neovim 0.11 or newer', 'an older Neovim is told what is missing')
ok(vim.fn.exists('#driftlens') == 0, 'and nothing else is done')

-- Before anything runs.
vim.cmd.cd(vim.fs.dirname(root))
local report = health()
has(report, 'the server is not enabled', 'checkhealth says that the server is not enabled')
has(report, 'no project in ', 'and that there is no project here')
has(report, 'none runs', 'and that no server runs')

vim.lsp.enable('driftlens')

-- Where it attaches.
local find = vim.lsp.config.driftlens.root_dir
local function root_of(path)
  local found
  find(vim.fn.bufadd(path), function(folder)
    found = folder
  end)
  return found
end
local other = vim.fn.tempname()
local function check_root(files, path, expected, name)
  vim.fn.delete(other, 'rf')
  for _, file in ipairs(files) do
    write(other .. '/' .. file, '')
  end
  local found = root_of(other .. '/' .. path)
  ok(found == (expected and other .. expected), name .. ': ' .. tostring(found))
end
check_root({ 'drizzle.config.ts' }, 'src/a.ts', '', 'a Drizzle configuration makes a project')
check_root({ 'drizzle-pg.config.mjs' }, 'src/b.ts', '', 'one with a name of its own too')
check_root({ 'drizzle.config.test.ts' }, 'src/c.ts', nil, 'a test of one does not')
check_root({ 'drizzle-config.ts' }, 'src/d.ts', nil, 'nor what is called otherwise')
check_root({ 'driftlens.toml' }, 'src/e.ts', '', 'a driftlens.toml makes a project')
check_root({ 'supabase/config.toml' }, 'supabase/schemas/f.sql', '', 'a configuration of Supabase does')
check_root({ 'migrations/1_a.sql' }, 'g.sql', '', 'a folder of SQL migrations does')
check_root({ 'db/migrations/1_a/up.sql' }, 'src/h.ts', '', 'with folders in it too')
check_root({ 'migrations/1_a.js' }, 'i.ts', nil, 'one of JavaScript does not')
check_root({ 'package.json' }, 'j.ts', nil, 'a package alone does not')
check_root({ '.git/HEAD', 'apps/api/drizzle.config.ts' }, 'apps/api/src/k.ts', '', 'the root is the repository')
ok(root_of('fugitive://' .. root .. '/.git//0/src/schema.ts') == nil, 'what is no file belongs to no project')

vim.cmd.edit(root .. '/src/schema.ts')
local buffer = vim.api.nvim_get_current_buf()
wait(function() return #vim.diagnostic.get(buffer) > 0 end, 'the server is attached')
local client = vim.lsp.get_clients({ bufnr = buffer, name = 'driftlens' })[1]
ok(root_of(root .. '/elsewhere/a.ts') == client.root_dir, 'what lies below a running server belongs to it')

-- The statusline.
local driftlens = require('driftlens')
wait(function() return driftlens.statusline():find('1 pending', 1, true) ~= nil end, 'the statusline counts what is pending')
ok(#driftlens.projects(client) == 1, 'of one project')
vim.o.statusline = "%f %{v:lua.require'driftlens'.statusline()}"
has(vim.api.nvim_eval_statusline(vim.o.statusline, {}).str, '1 pending', 'Neovim draws it')
write(root .. '-other/plain.ts', '')
vim.cmd.edit(root .. '-other/plain.ts')
ok(driftlens.statusline() == '', 'elsewhere it is empty')
ok(vim.fn.exists(':Driftlens') == 0, 'and there is no command')
vim.cmd.buffer(buffer)
ok(vim.fn.exists(':Driftlens') == 2, 'in the project there is')

local heard = 0
vim.api.nvim_create_autocmd('User', { pattern = 'DriftlensStatus', callback = function() heard = heard + 1 end })
vim.cmd('let &undolevels=&undolevels')
vim.api.nvim_buf_set_lines(buffer, 5, 6, false, {})
wait(function() return driftlens.statusline():find('pending', 1, true) == nil end, 'it follows what is typed')
ok(heard > 0, 'and tells the plugins that draw it')
vim.cmd('silent undo')
wait(function() return driftlens.statusline():find('1 pending', 1, true) ~= nil end, 'and back')

-- :Driftlens and its completion.
local function completions(line)
  return vim.fn.getcompletion(line, 'cmdline')
end
local all = completions('Driftlens ')
for _, name in ipairs({ 'check', 'env', 'generate', 'log', 'migrate', 'push', 'sql', 'status' }) do
  ok(vim.list_contains(all, name), 'completion offers ' .. name)
end
ok(vim.deep_equal(completions('Driftlens re'), { 'rebase', 'reset' }), 'and what begins as it is typed')
ok(vim.list_contains(completions('Driftlens migrate --t'), '--to'), 'options are completed')
ok(vim.deep_equal(completions('Driftlens env '), { 'local' }), 'and environments')
vim.cmd('Driftlens')
hears('1 pending', 'without a word it says how the project stands')
vim.cmd('Driftlens brew')
hears('there is no command brew; there are check,', 'a wrong word is answered with the right ones')

-- The preview.
vim.cmd('Driftlens sql')
local preview
wait(function()
  preview = vim.api.nvim_get_current_buf()
  return vim.startswith(vim.api.nvim_buf_get_name(preview), 'driftlens-preview:') and text_of(preview):find('ADD `nickname` text', 1, true) ~= nil
end, 'the SQL is shown')
ok(vim.bo[preview].filetype == 'sql' and vim.bo[preview].buftype == 'nofile', 'as SQL, and no file')
ok(not vim.bo[preview].modifiable and not vim.bo[preview].modified, 'to be read only')
ok(#vim.lsp.get_clients({ bufnr = preview }) == 0, 'no server is attached to it')
vim.api.nvim_buf_set_lines(buffer, 5, 6, false, { "  nickname: text('nickname').notNull().default(''),", "  age: integer('age')," })
wait(function() return text_of(preview):find('ADD `age` integer', 1, true) ~= nil end, 'it follows the schema')
vim.cmd('silent edit')
wait(function() return text_of(preview):find('ADD `age` integer', 1, true) ~= nil end, ':edit fills it again')
vim.cmd.edit('driftlens-preview:/x.sql?7b7d7d')
wait(function() return vim.startswith(text_of(0), '-- driftlens: ') end, 'a preview that is none says so')
vim.cmd.buffer(buffer)

-- In a terminal.
vim.cmd('Driftlens status --format json')
local terminal = vim.api.nvim_get_current_buf()
ok(vim.bo[terminal].buftype == 'terminal', 'status runs in a terminal')
hears('reads what is saved, and 1 buffer(s) are not', 'which is told what is not saved')
wait(function() return text_of(terminal):find('[Process exited', 1, true) ~= nil end, 'it ends')
has(text_of(terminal), '"pending"', 'it says how the database stands')
vim.cmd('bwipeout!')
ok(
  vim.deep_equal(require('driftlens.commands').command_line(client, 'log', { 'users' }, { config = '/p/drizzle.config.ts', name = 'a' }), {
    'driftlens',
    'log',
    'users',
    '--path',
    '/p/drizzle.config.ts',
    '--project',
    'a',
  }),
  'the project is named to the program'
)

-- Generating by the server, then applying it in a terminal.
vim.cmd.buffer(buffer)
vim.cmd('silent write')
vim.cmd('Driftlens generate')
local generated
wait(function()
  vim.cmd('silent! wall')
  generated = vim.fn.glob(root .. '/drizzle/0001_*.sql')
  return generated ~= '' and vim.fn.getfsize(generated) > 0
end, 'generate makes the migration')
wait(function() return driftlens.statusline():find('pending', 1, true) == nil end, 'nothing is pending')
vim.cmd('Driftlens generate')
hears('nothing is pending', 'a second one is not made')
vim.cmd('Driftlens migrate')
terminal = vim.api.nvim_get_current_buf()
wait(function() return text_of(terminal):find('[Process exited 0', 1, true) ~= nil end, 'migrate applies it')
ok(vim.fn.getfsize(root .. '/dev.db') > 0, 'to the database')
vim.cmd('bwipeout!')
vim.cmd.buffer(buffer)
wait(function() return driftlens.statusline():find('in sync', 1, true) ~= nil end, 'everything is in sync')

-- Another environment.
vim.cmd('Driftlens env local')
hears('looks at local', 'another environment is looked at')
ok(vim.list_contains(require('driftlens.commands').command_line(client, 'push', {}, { config = '/p' }), '--env'), 'commands run on it')
ok(not vim.list_contains(require('driftlens.commands').command_line(client, 'check', {}, { config = '/p' }), '--env'), 'those that know it')
vim.cmd('Driftlens env')
hears('development', 'and the one for development again')

-- :checkhealth with a server.
vim.cmd.cd(root)
report = health()
has(report, 'Neovim ' .. tostring(vim.version()), 'checkhealth names the version of Neovim')
ok(report:match('driftlens %d+%.%d+%.%d+%S*: /') ~= nil, 'and of the program')
has(report, 'project: ' .. root .. '/dri', 'the project')
has(report, 'root: ' .. root, 'its root')
has(report, ('client %d: '):format(client.id), 'the server')
has(report, 'in sync', 'how its project stands')
has(report, 'local at ', 'and the database')
ok(report:find('ERROR', 1, true) == nil, 'nothing is wrong')
local path = vim.env.PATH
vim.env.PATH = '/nowhere'
has(health(), 'driftlens is not found', 'a missing program is an error')
vim.env.PATH = path

-- :help.
local tags = vim.fn.tempname()
vim.fn.mkdir(tags)
vim.fn.writefile(vim.fn.readfile(harness.plugin .. '/doc/driftlens.txt'), tags .. '/driftlens.txt')
vim.cmd.helptags(tags)
local defined = table.concat(vim.fn.readfile(tags .. '/tags'), '\n')
for _, tag in ipairs({ 'driftlens.txt', ':Driftlens', 'driftlens-statusline', 'driftlens-projects', 'driftlens-preview', 'driftlens-health' }) do
  has(defined, tag .. '\t', ':help ' .. tag)
end

client:stop()
wait(function() return client:is_stopped() end, 'the server stops')

-- A PostgreSQL of the project's own, from nothing to nothing. Its server runs as somebody else where we are root.
local shop = assert(vim.uv.fs_mkdtemp(vim.uv.os_tmpdir() .. '/driftlens-neovim-XXXXXX'))
vim.uv.fs_chmod(shop, 493)
write(shop .. '/drizzle.config.ts', "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };\n")
write(shop .. '/schema.ts', "import { pgTable, text } from 'drizzle-orm/pg-core';\n\nexport const users = pgTable('users', { email: text('email') });\n")
vim.cmd.edit(shop .. '/schema.ts')
buffer = vim.api.nvim_get_current_buf()
local function in_terminal(command, answer)
  vim.cmd.buffer(buffer)
  vim.cmd('Driftlens ' .. command)
  terminal = vim.api.nvim_get_current_buf()
  if answer then
    wait(function() return text_of(terminal):find('?', 1, true) ~= nil end, command .. ' asks')
    vim.fn.chansend(vim.bo[terminal].channel, answer)
  end
  ok(vim.wait(60000, function() return text_of(terminal):find('[Process exited', 1, true) ~= nil end, 10), command .. ' ends')
  has(text_of(terminal), '[Process exited 0', command .. ' does it')
  vim.cmd('bwipeout!')
  vim.cmd.buffer(buffer)
end
wait(function() return #vim.diagnostic.get(buffer) > 0 and #driftlens.projects_of() == 1 end, 'a project for PostgreSQL has the server')
client = vim.lsp.get_clients({ bufnr = buffer })[1]
in_terminal('up --private', 'n\n')
wait(function() return vim.tbl_get(driftlens.projects_of(), 1, 'database', 'state') == 'connected' end, 'the database that was brought up is looked at')
in_terminal('push')
in_terminal('history')
in_terminal('down --volumes', 'yes\n')
ok(vim.fn.isdirectory(shop .. '/.driftlens/postgres/data') == 0, 'down removes the data that it asked about')
client:stop()
wait(function() return client:is_stopped() end, 'and its server stops')

-- How a person installs it: each way in a Neovim of its own, with nothing but its own init.lua.
local function installed(name, init, place)
  local home = vim.fn.tempname()
  write(home .. '/nvim/init.lua', init)
  if place then
    vim.fn.mkdir(vim.fs.dirname(home .. place), 'p')
    vim.uv.fs_symlink(harness.plugin, home .. place)
  end
  local script = [[
    vim.cmd.edit('src/schema.ts')
    local attached = vim.wait(10000, function() return #vim.diagnostic.get(0) == 0 and #vim.lsp.get_clients({ bufnr = 0 }) == 1 and vim.fn.exists(':Driftlens') == 2 end, 10)
    io.stdout:write(attached and 'attached' or 'in vain')
    vim.cmd('qall!')
  ]]
  write(home .. '/script.lua', script)
  local answer = vim.system({ vim.v.progpath, '--headless', '-i', 'NONE', '-n', '-c', 'luafile ' .. home .. '/script.lua' }, {
    cwd = root,
    env = { XDG_CONFIG_HOME = home, XDG_DATA_HOME = home, XDG_STATE_HOME = home, XDG_CACHE_HOME = home },
    text = true,
  }):wait(20000)
  has(answer.stdout .. answer.stderr, 'attached', 'installed by ' .. name)
  vim.fn.delete(home, 'rf')
end
local enable = "vim.lsp.enable('driftlens')\n"
installed('runtimepath', ("vim.opt.runtimepath:append('%s')\n"):format(harness.plugin) .. enable)
installed('a package that is always there', enable, '/nvim/site/pack/driftlens/start/driftlens')
installed('packadd', 'vim.cmd.packadd("driftlens")\n' .. enable, '/nvim/site/pack/driftlens/opt/driftlens')

for _, folder in ipairs({ root, root .. '-other', other, tags, shop }) do
  vim.fn.delete(folder, 'rf')
end
harness.done()
