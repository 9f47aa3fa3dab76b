-- A real Neovim with the shipped configuration on a small project. Run by `cargo xtask test` with
-- nvim --headless -u NONE -i NONE -n -l test.lua; DRIFTLENS_BIN is the binary to try.

local harness = dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/harness.lua')
local ok, wait, write = harness.ok, harness.wait, harness.write

-- A project whose one migration lacks the column `nickname`.
local root = vim.fn.tempname()
harness.project(root)
harness.install()
local exit_code
vim.lsp.config('driftlens', { on_exit = function(code) exit_code = code end })
vim.lsp.enable('driftlens')

-- Elsewhere no server starts.
write(root .. '-other/plain.ts', 'export const x = 1;\n')
vim.cmd.edit(root .. '-other/plain.ts')
local elsewhere = vim.api.nvim_get_current_buf()
ok(vim.bo.filetype == 'typescript', 'a file elsewhere is TypeScript too')
vim.wait(300)
ok(#vim.lsp.get_clients() == 0, 'no server where there is no Drizzle configuration')

vim.cmd.edit(root .. '/src/schema.ts')
local buffer = vim.api.nvim_get_current_buf()
wait(function()
  local clients = vim.lsp.get_clients({ bufnr = buffer, name = 'driftlens' })
  return #clients == 1 and clients[1].initialized
end, 'the server is attached')
local client = vim.lsp.get_clients({ bufnr = buffer })[1]
ok(vim.uv.fs_realpath(client.root_dir) == vim.uv.fs_realpath(root), 'its root is the folder of the configuration')

wait(function() return #vim.diagnostic.get(buffer) == 1 end, 'one diagnostic')
local diagnostic = vim.diagnostic.get(buffer)[1]
ok(diagnostic.code == 'schema/missing-migration' and diagnostic.source == 'driftlens', 'it is a missing migration')
ok(diagnostic.lnum == 5 and diagnostic.col == 2 and diagnostic.end_col == 10, 'it is on the column')
ok(diagnostic.message:find('users.nickname', 1, true) ~= nil, 'it names the column')

local params = { textDocument = { uri = vim.uri_from_bufnr(buffer) }, position = { line = 5, character = 4 } }
local response = client:request_sync('textDocument/hover', params, 5000, buffer)
local markdown = response and response.result and response.result.contents.value or ''
ok(markdown:find('users.nickname text', 1, true) ~= nil, 'the hover has the SQL type')
ok(markdown:find('Pending', 1, true) ~= nil, 'the hover tells the pending change')

vim.api.nvim_win_set_cursor(0, { 6, 4 })
vim.lsp.buf.hover()
local window
wait(function()
  for _, candidate in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(candidate).relative ~= '' then window = candidate end
  end
  return window ~= nil
end, 'the hover opens a window')
local shown = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
ok(shown:find('nickname', 1, true) ~= nil, 'the window shows the column')
vim.api.nvim_win_close(window, true)

-- In a script all edits are one undo block: break it here.
vim.cmd('let &undolevels=&undolevels')
vim.api.nvim_buf_set_lines(buffer, 5, 6, false, {})
wait(function() return #vim.diagnostic.get(buffer) == 0 end, 'without the column nothing is pending')
vim.cmd('silent undo')
wait(function() return #vim.diagnostic.get(buffer) == 1 end, 'undo brings it back')
diagnostic = vim.diagnostic.get(buffer)[1]
ok(diagnostic.code == 'schema/missing-migration' and diagnostic.lnum == 5 and diagnostic.col == 2, 'at the same place')

local symbols = client:request_sync('textDocument/documentSymbol', { textDocument = params.textDocument }, 5000, buffer)
ok(symbols and symbols.result[1].name == 'users' and #symbols.result[1].children == 3, 'the table and its columns are symbols')

-- Columns are completed with their SQL type, in text that is not finished.
vim.cmd('let &undolevels=&undolevels')
vim.api.nvim_buf_set_lines(buffer, 7, 7, false, { 'export const posts = sqliteTable("posts", { author: integer().references(() => users.' })
local at_end = { textDocument = params.textDocument, position = { line = 7, character = 85 } }
local completed = client:request_sync('textDocument/completion', at_end, 5000, buffer)
local offered = completed and completed.result and completed.result.items or {}
ok(#offered == 3 and offered[2].label == 'email' and offered[2].detail == 'text NOT NULL', 'columns are completed')
vim.cmd('silent undo')
wait(function() return #vim.diagnostic.get(buffer) == 1 end, 'and what was typed is taken back')

vim.cmd.edit(root .. '/drizzle/0000_init.sql')
wait(function() return vim.lsp.buf_is_attached(0, client.id) end, 'a migration belongs to the same server')
ok(#vim.lsp.get_clients() == 1, 'there is one server')
ok(#vim.lsp.get_clients({ bufnr = elsewhere }) == 0, 'and none for the file elsewhere')

-- Above the table stands what is pending of it.
vim.cmd.edit(root .. '/src/schema.ts')
local function lens_titles()
  return vim.tbl_map(function(lens) return lens.command.title end, vim.lsp.codelens.get(buffer))
end
vim.lsp.codelens.refresh({ bufnr = buffer })
wait(function()
  return vim.deep_equal(lens_titles(), { '1 change not in a migration', 'Generate', 'Show SQL' })
end, 'the table has its lenses')

-- Its SQL is shown, to be read only.
vim.api.nvim_win_set_cursor(0, { 6, 4 })
vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.title == 'Show SQL' end })
local sql_buffer
wait(function()
  sql_buffer = vim.iter(vim.api.nvim_list_bufs()):find(function(candidate)
    return vim.startswith(vim.api.nvim_buf_get_name(candidate), 'driftlens-preview:')
  end)
  return sql_buffer ~= nil and vim.api.nvim_buf_line_count(sql_buffer) > 1
end, 'Show SQL opens a preview')
local sql = table.concat(vim.api.nvim_buf_get_lines(sql_buffer, 0, -1, false), '\n')
ok(sql:find('ALTER TABLE `users` ADD `nickname` text;', 1, true) ~= nil, 'it has the SQL')
ok(sql:find('-- migration: 0001_users_add_nickname', 1, true) ~= nil, 'and says what it is')
ok(vim.bo[sql_buffer].readonly and not vim.bo[sql_buffer].modifiable, 'it is read-only')
vim.api.nvim_buf_delete(sql_buffer, { force = true })

-- The light bulb writes the migration, and the diagnostic is gone.
vim.api.nvim_set_current_buf(buffer)
ok(#vim.diagnostic.get(buffer) == 1, 'showing it changed nothing')
vim.api.nvim_win_set_cursor(0, { 6, 4 })
vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.title == 'Generate migration' end })
local generated = root .. '/drizzle/0001_users_add_nickname.sql'
wait(function()
  vim.cmd('silent! wall')
  return (vim.uv.fs_stat(generated) or { size = 0 }).size > 0
end, 'the code action creates the migration')
ok(vim.fn.readfile(generated)[1] == 'ALTER TABLE `users` ADD `nickname` text;', 'it adds the column')
wait(function() return #vim.diagnostic.get(buffer) == 0 end, 'nothing is pending any more')
local journal = vim.json.decode(table.concat(vim.fn.readfile(root .. '/drizzle/meta/_journal.json'), '\n'))
ok(#journal.entries == 2 and journal.entries[2].tag == '0001_users_add_nickname', 'the journal lists it')

-- Without pending changes there are no lenses.
vim.lsp.codelens.refresh({ bufnr = buffer })
wait(function() return #vim.lsp.codelens.get(buffer) == 0 end, 'the lenses are gone')

-- A name in the database is renamed in the string, and by the migration without a question.
vim.api.nvim_win_set_cursor(0, { 6, 20 })
vim.lsp.buf.rename('nick')
wait(function()
  return vim.api.nvim_buf_get_lines(buffer, 5, 6, false)[1] == "  nickname: text('nick'),"
end, 'the string is renamed')
vim.cmd('silent write')
wait(function() return #vim.diagnostic.get(buffer) > 0 end, 'the rename is pending')
vim.api.nvim_win_set_cursor(0, { 6, 4 })
vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.title == 'Generate migration' end })
local renaming = root .. '/drizzle/0002_users_rename_nickname_to_nick.sql'
wait(function()
  vim.cmd('silent! wall')
  return (vim.uv.fs_stat(renaming) or { size = 0 }).size > 0
end, 'its migration is created')
ok(vim.fn.readfile(renaming)[1]:find('RENAME COLUMN', 1, true) ~= nil, 'it renames the column')
wait(function() return #vim.diagnostic.get(buffer) == 0 end, 'nothing is pending again')

-- In a repository of many packages one server is enough: its root is the repository.
write(root .. '-many/.git/HEAD', 'ref: refs/heads/main\n')
write(root .. '-many/packages/shop/drizzle.config.json', '{}')
write(root .. '-many/packages/shop/src/schema.ts', 'export {};\n')
local package = vim.fn.bufadd(root .. '-many/packages/shop/src/schema.ts')
local found
vim.lsp.config.driftlens.root_dir(package, function(folder) found = folder end)
ok(found ~= nil and vim.uv.fs_realpath(found) == vim.uv.fs_realpath(root .. '-many'), 'the root of a package is its repository')

client:stop()
wait(function() return client:is_stopped() and exit_code ~= nil end, 'the server stops')
ok(exit_code == 0, 'with exit code 0')
vim.fn.delete(root, 'rf')
vim.fn.delete(root .. '-other', 'rf')
vim.fn.delete(root .. '-many', 'rf')
harness.done()
