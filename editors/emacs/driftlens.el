;;; driftlens.el --- Schema changes that lack a migration  -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "30.1"))
;; Keywords: languages, tools
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Driftlens reads database schema files (Drizzle's TypeScript, SQL) and
;; folders of migrations without running them.  A schema change that lacks a
;; migration is a diagnostic on the column, and a code action writes the
;; migration.
;;
;; This file holds what both language clients need: where a project is, and
;; `driftlens-run', which runs the program.  `driftlens-eglot' and
;; `driftlens-lsp' tell Eglot and lsp-mode of the server.

;;; Code:

(require 'comint)
(require 'seq)

(defgroup driftlens nil
  "Schema changes that lack a migration."
  :group 'tools
  :prefix "driftlens-")

(defcustom driftlens-program "driftlens"
  "The program: a name that is looked for in variable `exec-path', or a file."
  :type 'string)

(defconst driftlens-modes
  '(typescript-mode typescript-ts-mode tsx-ts-mode
    js-mode js-ts-mode js2-mode sql-mode)
  "The major modes of schema files and migrations.")

(defconst driftlens--files
  '("driftlens.toml" "diesel.toml" "sqlc.yaml" "sqlc.yml" "sqlc.json"
    "supabase/config.toml")
  "Files that make the folder a project.")

(defconst driftlens--folders
  '("migrations" "migration" "db/migrations" "db/migration"
    "supabase/migrations")
  "Folders that make the folder a project where they hold SQL files.")

(defconst driftlens--drizzle-config
  (rx bos "drizzle"
      (or (seq ".config" (? (any "._-") (+ nonl)))
          (seq (any "._-") (+ nonl) ".config"))
      "." (or "ts" "mts" "cts" "js" "mjs" "cjs" "json") eos)
  "The names of configurations of Drizzle.")

(defun driftlens--has-sql-p (folder)
  "Whether FOLDER has SQL files, or folders with them."
  (and (file-directory-p folder)
       (or (directory-files folder nil "\\.sql\\'" t 1)
           (seq-some (lambda (below)
                       (and (file-directory-p below)
                            (directory-files below nil "\\.sql\\'" t 1)))
                     (directory-files folder t "\\`[^.]" t)))))

(defun driftlens--project-p (folder)
  "Whether FOLDER has what a project is known by."
  (and (file-directory-p folder)
       (or (seq-some (lambda (name)
                       (and (string-match-p driftlens--drizzle-config name)
                            (not (string-match-p "\\.\\(d\\|test\\|spec\\)\\.[a-z]+\\'" name))))
                     (directory-files folder nil "\\`drizzle" t))
           (seq-some (lambda (name) (file-regular-p (expand-file-name name folder)))
                     driftlens--files)
           (seq-some (lambda (name) (driftlens--has-sql-p (expand-file-name name folder)))
                     driftlens--folders))))

;;;###autoload
(defun driftlens-project-folder (&optional file)
  "The folder of the project that FILE belongs to, or nil.
FILE is that of the buffer where none is given."
  (when-let* ((file (or file buffer-file-name default-directory)))
    (locate-dominating-file file #'driftlens--project-p)))

(defvar driftlens-after-run-functions nil
  "Functions to call when a command of `driftlens-run' has ended.
Each gets the folder of the project, whose database may have changed.")

(defun driftlens--buffers (folder)
  "The buffers of files in FOLDER."
  (seq-filter (lambda (buffer)
                (when-let* ((file (buffer-file-name buffer)))
                  (file-in-directory-p file folder)))
              (buffer-list)))

(defconst driftlens--commands
  '("check" "diff history desired" "diff history live" "doctor" "down"
    "down --volumes" "generate" "history" "init" "log" "migrate" "pull" "push"
    "rebase" "reset" "rollback" "status" "up" "up --write-env")
  "What `driftlens-run' offers; other words can be typed.")

;;;###autoload
(defun driftlens-run (command)
  "Run COMMAND of the program in the project of the buffer.
It runs in a buffer of its own, where it asks its own questions.
COMMAND is what follows \"driftlens\" on a command line."
  (interactive (list (completing-read "driftlens: " driftlens--commands)))
  (let* ((folder (or (driftlens-project-folder)
                     (user-error "No project of Driftlens here")))
         (default-directory (file-name-as-directory folder))
         (words (split-string-and-unquote command))
         (buffer (get-buffer-create (format "*driftlens %s*" (car words)))))
    (save-some-buffers nil (lambda ()
                             (and buffer-file-name
                                  (file-in-directory-p buffer-file-name folder))))
    (with-current-buffer buffer
      (unless (comint-check-proc buffer)
        (setq default-directory (file-name-as-directory folder))
        (erase-buffer)))
    (pop-to-buffer
     (apply #'make-comint-in-buffer "driftlens" buffer driftlens-program nil words))
    (when-let* ((process (get-buffer-process buffer)))
      (add-function :after (process-sentinel process)
                    (lambda (process _event)
                      (unless (process-live-p process)
                        (run-hook-with-args 'driftlens-after-run-functions folder)))))))

(provide 'driftlens)
;;; driftlens.el ends here
