;;; lsp-mode.el --- Driftlens in a real Emacs with lsp-mode  -*- lexical-binding: t -*-

;;; Commentary:

;; Run by `cargo xtask test' with emacs --batch -Q -L … -l lsp-mode.el, where
;; the load path has lsp-mode and what it needs.

;;; Code:

(load (expand-file-name "harness.el" (file-name-directory load-file-name)) nil t)
(require 'lsp-mode)
(require 'lsp-modeline)
(require 'driftlens-lsp)
(require 'flymake)

(defvar root (file-name-as-directory (make-temp-file "driftlens-emacs" t)))
(project root)

(setq lsp-session-file (expand-file-name ".lsp-session" root)
      lsp-server-install-dir (expand-file-name ".lsp" root)
      lsp-enable-suggest-server-download nil
      lsp-auto-guess-root t
      lsp-keep-workspace-alive nil
      lsp-enable-snippet nil
      lsp-diagnostics-provider :none
      lsp-headerline-breadcrumb-enable nil
      lsp-modeline-diagnostics-enable nil
      lsp-modeline-code-actions-enable nil
      lsp-enable-file-watchers nil
      lsp-restart 'ignore
      lsp-warn-no-matched-clients nil)

(defun save-all ()
  "Save every buffer.
lsp-mode 8 opens a new file before it makes it, so that Emacs would ask
whether to save what has changed since."
  (dolist (buffer (buffer-list))
    (with-current-buffer buffer
      (when (and buffer-file-name (buffer-modified-p))
        (set-visited-file-modtime)
        (save-buffer)))))

(ok (lsp--client-add-on? (gethash 'driftlens lsp-clients)) "Driftlens is there besides other servers")
(ok (not (driftlens-lsp--wanted-p "/nowhere/a.ts" 'typescript-mode)) "not for what is no project's")
(ok (not (driftlens-lsp--wanted-p (expand-file-name "a.txt" root) 'text-mode)) "nor for other files")

(defun findings ()
  "The diagnostics of the buffer."
  (lsp--get-buffer-diagnostics))

(find-file (expand-file-name "src/schema.ts" root))
(lsp)
(wait (lambda () (lsp-find-workspace 'driftlens buffer-file-name)) "its server is attached")
(wait (lambda () (= 1 (length (findings)))) "one diagnostic")
(let ((finding (car (findings))))
  (ok (string-match-p "users\\.nickname" (gethash "message" finding)) "it names the column"))

(goto-char (point-min))
(search-forward "nickname")
(backward-char 2)
(let ((hover (lsp-request "textDocument/hover" (lsp--text-document-position-params))))
  (ok (string-match-p "users.nickname text" (gethash "value" (gethash "contents" hover))) "the hover has the SQL type"))

(defun action (title)
  "The code action at point with TITLE."
  (seq-find (lambda (action) (equal (gethash "title" action) title)) (lsp-code-actions-at-point)))
(lsp-execute-code-action (action "Generate migration"))
(save-all)
(let ((generated (expand-file-name "drizzle/0001_users_add_nickname.sql" root)))
  (ok (file-exists-p generated) "the code action makes the migration")
  (ok (string-prefix-p "ALTER TABLE `users` ADD `nickname` text;" (text-of generated)) "it adds the column"))
(set-buffer (find-buffer-visiting (expand-file-name "src/schema.ts" root)))
(wait (lambda () (null (findings))) "nothing is pending any more")

(goto-char (point-min))
(search-forward "text('nick")
(lsp-rename "nick")
(ok (save-excursion (goto-char (point-min)) (search-forward "nickname: text('nick')," nil t)) "rename changes the string")
(save-buffer)
(wait (lambda () (findings)) "the rename is pending")

(find-file (expand-file-name "drizzle/0000_init.sql" root))
(lsp)
(wait (lambda () (lsp-find-workspace 'driftlens buffer-file-name)) "a migration has the server too, and needs no other")

;; A database that the program makes is looked at when the program has ended.
(defun state ()
  "How the project's database is."
  (let ((projects (gethash "projects" (lsp-request "driftlens/status" nil))))
    (when-let* ((database (gethash "database" (aref projects 0))))
      (gethash "state" database))))
(write (expand-file-name "drizzle.config.ts" root)
       "export default { dialect: 'sqlite', schema: './src/schema.ts', out: './drizzle', dbCredentials: { url: './dev.db' } };\n")
(lsp-notify "workspace/didChangeWatchedFiles"
            `(:changes [(:uri ,(lsp--path-to-uri (expand-file-name "drizzle.config.ts" root)) :type 2)]))
(wait (lambda () (equal (state) "unreachable")) "there is no database yet")
(driftlens-run "migrate")
(wait (lambda () (not (comint-check-proc (current-buffer)))) "driftlens-run runs migrate to its end")
(set-buffer (find-buffer-visiting (expand-file-name "drizzle/0000_init.sql" root)))
(wait (lambda () (equal (state) "connected")) "the server looks at the database at once")

(let ((workspace (lsp-find-workspace 'driftlens buffer-file-name)))
  (with-lsp-workspace workspace (lsp--shutdown-workspace))
  (wait (lambda () (not (process-live-p (lsp--workspace-proc workspace)))) "the server stops"))
(dolist (buffer (buffer-list))
  (with-current-buffer buffer (set-buffer-modified-p nil)))
(delete-directory root t)
(done)

;;; lsp-mode.el ends here
