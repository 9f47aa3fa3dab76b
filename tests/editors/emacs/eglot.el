;;; eglot.el --- Driftlens in a real Emacs with Eglot  -*- lexical-binding: t -*-

;;; Commentary:

;; Run by `cargo xtask test' with emacs --batch -Q -l eglot.el

;;; Code:

(load (expand-file-name "harness.el" (file-name-directory load-file-name)) nil t)
(require 'driftlens-eglot)
(require 'flymake)

(setq eglot-sync-connect 10 eglot-send-changes-idle-time 0 eglot-autoshutdown t
      eglot-confirm-server-edits nil eglot-report-progress nil)

(defvar root (file-name-as-directory (make-temp-file "driftlens-emacs" t)))
(project root)

;; Where a project is.
(defun folder-of (files path)
  "The project of PATH in a new folder with FILES, relative to it."
  (let ((other (file-name-as-directory (make-temp-file "driftlens-emacs" t))))
    (unwind-protect
        (progn
          (dolist (file files) (write (expand-file-name file other) ""))
          (when-let* ((found (driftlens-project-folder (expand-file-name path other))))
            (file-relative-name found other)))
      (delete-directory other t))))
(ok (equal (folder-of '("drizzle.config.ts") "src/a.ts") "./") "a Drizzle configuration makes a project")
(ok (equal (folder-of '("drizzle-pg.config.mjs") "src/a.ts") "./") "one with a name of its own too")
(ok (null (folder-of '("drizzle.config.test.ts") "src/a.ts")) "a test of one does not")
(ok (equal (folder-of '("db/migrations/1_a/up.sql") "src/a.ts") "./") "a folder of SQL migrations does")
(ok (null (folder-of '("migrations/1_a.js") "src/a.ts")) "one of JavaScript does not")
(ok (null (folder-of '("package.json") "src/a.ts")) "a package alone does not")

;; Which server a buffer has.
(driftlens-eglot-setup)
(defun contact-of (path &optional programs)
  "How Eglot starts a server for PATH, where PROGRAMS are installed."
  (let ((bin (make-temp-file "driftlens-emacs" t)))
    (dolist (program programs)
      (write (expand-file-name program bin) "#!/bin/sh\n")
      (set-file-modes (expand-file-name program bin) #o755))
    (with-current-buffer (find-file-noselect path)
      (unwind-protect
          (let ((exec-path (list bin))
                (inhibit-message t))
            (cl-letf (((symbol-function 'display-warning) #'ignore))
              (driftlens-eglot--contact)))
        (delete-directory bin t)))))
(let ((schema (expand-file-name "src/schema.ts" root))
      (alone (list 'driftlens-eglot-server driftlens-program "lsp"))
      (beside '("typescript-language-server" "--stdio")))
  (ok (equal (contact-of schema) alone) "where no other server is installed Driftlens is alone")
  (ok (equal (contact-of schema '("typescript-language-server")) beside) "without a multiplexer TypeScript keeps its server")
  (ok (equal (contact-of schema '("typescript-language-server" "rass"))
             `(driftlens-eglot-server "rass" "--" ,@beside "--" ,driftlens-program "lsp"))
      "with one both are there")
  (ok (equal (contact-of (expand-file-name "drizzle/0000_init.sql" root) '("typescript-language-server" "rass")) alone)
      "a migration has Driftlens")
  (let ((elsewhere (make-temp-file "driftlens-emacs" nil ".ts")))
    (ok (equal (contact-of elsewhere '("typescript-language-server" "rass")) beside) "elsewhere TypeScript has its server")
    (delete-file elsewhere)))

(defun findings ()
  "The diagnostics of the buffer."
  (flymake-start)
  (flymake-diagnostics))
(defun connect ()
  "Start Eglot; `eglot-ensure' waits for a command loop that batch mode has not."
  (apply #'eglot (eglot--guess-contact)))

(setq driftlens-eglot-beside nil)
(find-file (expand-file-name "src/schema.ts" root))
(ok (eq major-mode 'typescript-mode) "the schema is TypeScript")
(connect)
(ok (eglot-managed-p) "Eglot manages the buffer")
(wait (lambda () (= 1 (length (findings)))) "one diagnostic")
(let ((finding (car (findings))))
  (ok (string-match-p "users\\.nickname" (flymake-diagnostic-text finding)) "it names the column")
  (goto-char (flymake-diagnostic-beg finding))
  (ok (looking-at "nickname:") "it is on the column"))

(let (heard)
  (eglot-hover-eldoc-function (lambda (text &rest _) (setq heard text)))
  (wait (lambda () heard) "the hover is answered")
  (ok (string-match-p "users.nickname text" (substring-no-properties heard)) "it has the SQL type")
  (ok (string-match-p "Pending" (substring-no-properties heard)) "it tells the pending change"))

(ok (string-match-p "1 pending" (driftlens-eglot-status)) "the status counts it")

(defun action (title)
  "The code action at point with TITLE."
  (seq-find (lambda (action) (equal (plist-get action :title) title))
            (eglot-code-actions (point) (1+ (point)) nil nil)))
(ok (action "Show SQL") "Show SQL is offered")
(eglot-execute (eglot-current-server) (action "Show SQL"))
(wait (lambda () (seq-some (lambda (buffer)
                             (with-current-buffer buffer
                               (and buffer-file-name buffer-read-only
                                    (string-match-p "ADD `nickname` text" (buffer-string)))))
                           (buffer-list)))
      "its file is open, to be read only")
(set-buffer (find-buffer-visiting (expand-file-name "src/schema.ts" root)))

(ok (action "Generate migration") "Generate migration is offered")
(eglot-execute (eglot-current-server) (action "Generate migration"))
(let ((generated (expand-file-name "drizzle/0001_users_add_nickname.sql" root)))
  (wait (lambda () (file-exists-p generated)) "the code action makes the migration")
  (ok (string-prefix-p "ALTER TABLE `users` ADD `nickname` text;" (text-of generated)) "it adds the column")
  (ok (file-exists-p (expand-file-name "drizzle/meta/0001_snapshot.json" root)) "with its snapshot")
  (ok (string-match-p "0001_users_add_nickname" (text-of (expand-file-name "drizzle/meta/_journal.json" root)))
      "the journal lists it"))
(set-buffer (find-buffer-visiting (expand-file-name "src/schema.ts" root)))
(wait (lambda () (null (findings))) "nothing is pending any more")

(goto-char (point-min))
(search-forward "text('nick")
(eglot-rename "nick")
(ok (save-excursion (goto-char (point-min)) (search-forward "nickname: text('nick')," nil t)) "rename changes the string")
(save-buffer)
(wait (lambda () (findings)) "the rename is pending")
(goto-char (flymake-diagnostic-beg (car (findings))))
(eglot-execute (eglot-current-server) (action "Generate migration"))
(let ((renaming (expand-file-name "drizzle/0002_users_rename_nickname_to_nick.sql" root)))
  (wait (lambda () (file-exists-p renaming)) "its migration is made")
  (ok (string-match-p "RENAME COLUMN" (text-of renaming)) "it renames the column")
  (ok (string-match-p "0002_users_rename" (text-of (expand-file-name "drizzle/meta/_journal.json" root))) "the journal lists it too"))
(ok (not (seq-some (lambda (buffer) (and (buffer-file-name buffer) (buffer-modified-p buffer))) (buffer-list))) "everything is saved")

;; The program in a buffer of its own.
(set-buffer (find-buffer-visiting (expand-file-name "src/schema.ts" root)))
(driftlens-run "check")
(wait (lambda () (not (comint-check-proc (current-buffer)))) "driftlens-run runs check to its end")
(ok (string-match-p "in sync" (buffer-string)) "it says that nothing is pending")

;; A database that the program makes is looked at when the program has ended.
(defun database ()
  "What is known of the project's database."
  (plist-get (aref (plist-get (jsonrpc-request (eglot-current-server) :driftlens/status nil) :projects) 0) :database))
(set-buffer (find-buffer-visiting (expand-file-name "src/schema.ts" root)))
(write (expand-file-name "drizzle.config.ts" root)
       "export default { dialect: 'sqlite', schema: './src/schema.ts', out: './drizzle', dbCredentials: { url: './dev.db' } };\n")
(wait (lambda () (equal (plist-get (database) :state) "unreachable")) "there is no database yet")
(driftlens-run "migrate")
(wait (lambda () (not (comint-check-proc (current-buffer)))) "driftlens-run runs migrate to its end")
(set-buffer (find-buffer-visiting (expand-file-name "src/schema.ts" root)))
(wait (lambda () (equal (plist-get (database) :state) "connected")) "the server looks at the database at once")

(set-buffer (find-buffer-visiting (expand-file-name "src/schema.ts" root)))
(eglot-shutdown (eglot-current-server))
(ok (not (eglot-managed-p)) "the server stops")
(dolist (buffer (buffer-list))
  (with-current-buffer buffer (set-buffer-modified-p nil)))
(delete-directory root t)
(done)

;;; eglot.el ends here
