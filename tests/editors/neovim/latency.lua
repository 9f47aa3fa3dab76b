-- How long a change of the text waits for its diagnostic in a real Neovim with the shipped configuration, and for it to go again: the medians
-- of 20. No test, as a time is no truth. Run with nvim --headless -u NONE -i NONE -n -l latency.lua PROJECT FILE TEXT: behind the first TEXT of
-- the project's FILE a letter is typed, and taken back; nothing may be found in the file before. DRIFTLENS_BIN is the binary to try.

local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h')
local project, file, text = unpack(_G.arg)
local n_warm_ups, n_rounds = 3, 20

vim.env.PATH = vim.fs.dirname(assert(vim.env.DRIFTLENS_BIN, 'DRIFTLENS_BIN is not set')) .. ':' .. vim.env.PATH
vim.opt.runtimepath:append(here .. '/../../../editors/neovim')
vim.cmd('filetype on')
-- The project's own folder: in the cache it lies below this repository, which would be opened else.
project = assert(vim.uv.fs_realpath(project), 'there is no such project')
vim.lsp.config('driftlens', { root_dir = project, settings = { driftlens = { database = { enable = false } } } })
vim.lsp.enable('driftlens')
vim.cmd.edit(project .. '/' .. file)
local buffer = vim.api.nvim_get_current_buf()

local function wait(condition, what)
  assert(vim.wait(60000, condition, 1), 'in vain: ' .. what)
end

wait(function()
  local clients = vim.lsp.get_clients({ bufnr = buffer })
  return #clients == 1 and clients[1].initialized
end, 'the server is attached')

local row, column
for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, true)) do
  local _, last = line:find(text, 1, true)
  if last then
    row, column = number - 1, last
    break
  end
end
assert(row, 'the file has no ' .. text)

local function count()
  return #vim.diagnostic.get(buffer)
end

local function measure(first, last, put, is_there)
  local started = vim.uv.hrtime()
  vim.api.nvim_buf_set_text(buffer, row, first, row, last, { put })
  wait(function() return (count() > 0) == is_there end, is_there and 'a diagnostic' or 'no diagnostic')
  return (vim.uv.hrtime() - started) / 1e6
end

local shown, gone = {}, {}
for _ = 1, n_warm_ups + n_rounds do
  table.insert(shown, measure(column, column, 'x', true))
  table.insert(gone, measure(column, column + 1, '', false))
end
for _, of in ipairs({ { 'change → diagnostic', shown }, { 'change → no diagnostic', gone } }) do
  local times = vim.list_slice(of[2], n_warm_ups + 1)
  table.sort(times)
  io.stdout:write(('Neovim, %s: median %.0f ms (%.0f to %.0f, %d times)\n'):format(of[1], times[n_rounds / 2 + 1], times[1], times[n_rounds], n_rounds))
end
for _, client in ipairs(vim.lsp.get_clients()) do
  client:stop(true)
end
os.exit(0)
