-- What the tests of Neovim share: they count what passed, end at the first failure, and have a small project to work on.

local M = { passed = 0 }

local folder = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h')

--- The plugin as it is shipped.
M.plugin = vim.fs.normalize(folder .. '/../../../editors/neovim')

function M.ok(condition, name)
  if not condition then
    io.stdout:write(('not ok %d %s\n%d passed, 1 failed\n'):format(M.passed + 1, name, M.passed))
    os.exit(1)
  end
  M.passed = M.passed + 1
  io.stdout:write(('ok %d %s\n'):format(M.passed, name))
end

function M.wait(condition, name)
  M.ok(vim.wait(10000, condition, 10), name)
end

function M.write(path, text)
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  local file = assert(io.open(path, 'w'))
  file:write(text)
  file:close()
end

--- Everything passed.
function M.done()
  io.stdout:write(('%d passed, 0 failed\n'):format(M.passed))
  os.exit(0)
end

--- Puts the plugin onto the runtimepath and the binary that is tried onto the PATH, as a person's init.lua does.
function M.install()
  vim.env.PATH = vim.fs.dirname(assert(vim.env.DRIFTLENS_BIN, 'DRIFTLENS_BIN is not set')) .. ':' .. vim.env.PATH
  vim.opt.runtimepath:append(M.plugin)
  vim.cmd('filetype on')
end

--- A project whose one migration lacks the column `nickname`.
function M.project(root)
  M.write(root .. '/drizzle.config.ts', [[
export default { dialect: 'sqlite', schema: './src/schema.ts', out: './drizzle' };
]])
  M.write(root .. '/src/schema.ts', [[
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const users = sqliteTable('users', {
  id: integer('id').primaryKey(),
  email: text('email').notNull(),
  nickname: text('nickname'),
});
]])
  M.write(root .. '/drizzle/0000_init.sql', 'CREATE TABLE `users` (\n\t`id` integer PRIMARY KEY NOT NULL,\n\t`email` text NOT NULL\n);\n')
  M.write(root .. '/drizzle/meta/_journal.json', [[
{ "version": "7", "dialect": "sqlite", "entries": [{ "idx": 0, "version": "6", "when": 1700000000000, "tag": "0000_init", "breakpoints": true }] }
]])
  M.write(root .. '/drizzle/meta/0000_snapshot.json', [[
{ "version": "6", "dialect": "sqlite", "id": "6a0f2bf1-43b4-4b3c-8f0e-0d3b1a3c8c11", "prevId": "00000000-0000-0000-0000-000000000000",
  "tables": { "users": { "name": "users", "columns": {
    "id": { "name": "id", "type": "integer", "primaryKey": true, "notNull": true, "autoincrement": false },
    "email": { "name": "email", "type": "text", "primaryKey": false, "notNull": true, "autoincrement": false } },
    "indexes": {}, "foreignKeys": {}, "compositePrimaryKeys": {}, "uniqueConstraints": {}, "checkConstraints": {} } },
  "views": {}, "enums": {}, "_meta": { "schemas": {}, "tables": {}, "columns": {} }, "internal": { "indexes": {} } }
]])
end

return M
