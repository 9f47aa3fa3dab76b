;;; harness.el --- What the tests of Emacs share  -*- lexical-binding: t -*-

;;; Commentary:

;; They count what passed, end at the first failure, and have a small project
;; to work on.  DRIFTLENS_BIN is the program to try.

;;; Code:

(require 'cl-lib)

(defvar passed 0)

(defun ok (condition name)
  "Count CONDITION, which is called NAME, or end."
  (princ (format "%s %d %s\n" (if condition "ok" "not ok") (1+ passed) name))
  (unless condition
    (princ (format "%d passed, 1 failed\n" passed))
    (kill-emacs 1))
  (cl-incf passed))

(defun wait (condition name)
  "Wait until CONDITION, a function called NAME, holds."
  (let ((end (+ (float-time) 15)) found)
    (while (and (not (setq found (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.02)
      (sit-for 0.01))
    (ok found name)))

(defun done ()
  "Everything passed."
  (princ (format "%d passed, 0 failed\n" passed))
  (kill-emacs 0))

(defun write (path text)
  "Make PATH with TEXT."
  (make-directory (file-name-directory path) t)
  (with-temp-file path (insert text)))

(defun project (root)
  "Make at ROOT a project whose one migration lacks the column nickname."
  (write (expand-file-name "drizzle.config.ts" root)
         "export default { dialect: 'sqlite', schema: './src/schema.ts', out: './drizzle' };\n")
  (write (expand-file-name "src/schema.ts" root)
         "import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const users = sqliteTable('users', {
  id: integer('id').primaryKey(),
  email: text('email').notNull(),
  nickname: text('nickname'),
});
")
  (write (expand-file-name "drizzle/0000_init.sql" root)
         "CREATE TABLE `users` (\n\t`id` integer PRIMARY KEY NOT NULL,\n\t`email` text NOT NULL\n);\n")
  (write (expand-file-name "drizzle/meta/_journal.json" root)
         "{ \"version\": \"7\", \"dialect\": \"sqlite\", \"entries\": [{ \"idx\": 0, \"version\": \"6\", \"when\": 1700000000000, \"tag\": \"0000_init\", \"breakpoints\": true }] }\n")
  (write (expand-file-name "drizzle/meta/0000_snapshot.json" root)
         "{ \"version\": \"6\", \"dialect\": \"sqlite\", \"id\": \"6a0f2bf1-43b4-4b3c-8f0e-0d3b1a3c8c11\", \"prevId\": \"00000000-0000-0000-0000-000000000000\",
  \"tables\": { \"users\": { \"name\": \"users\", \"columns\": {
    \"id\": { \"name\": \"id\", \"type\": \"integer\", \"primaryKey\": true, \"notNull\": true, \"autoincrement\": false },
    \"email\": { \"name\": \"email\", \"type\": \"text\", \"primaryKey\": false, \"notNull\": true, \"autoincrement\": false } },
    \"indexes\": {}, \"foreignKeys\": {}, \"compositePrimaryKeys\": {}, \"uniqueConstraints\": {}, \"checkConstraints\": {} } },
  \"views\": {}, \"enums\": {}, \"_meta\": { \"schemas\": {}, \"tables\": {}, \"columns\": {} }, \"internal\": { \"indexes\": {} } }\n")
  (make-directory (expand-file-name ".git" root))
  (write (expand-file-name ".git/HEAD" root) "ref: refs/heads/main\n"))

(defun text-of (path)
  "What the file PATH holds."
  (with-temp-buffer (insert-file-contents path) (buffer-string)))

;; Without grammars of tree-sitter, Emacs has no mode for TypeScript.
(define-derived-mode typescript-mode prog-mode "TypeScript")
(add-to-list 'auto-mode-alist '("\\.ts\\'" . typescript-mode))

(setq make-backup-files nil auto-save-default nil create-lockfiles nil
      vc-handled-backends nil project-vc-extra-root-markers '("drizzle.config.ts")
      native-comp-jit-compilation nil backtrace-on-error-noninteractive nil)

(add-to-list 'load-path
             (expand-file-name "../../../editors/emacs" (file-name-directory (or load-file-name buffer-file-name))))
(require 'driftlens)
(setq driftlens-program (or (getenv "DRIFTLENS_BIN") (error "DRIFTLENS_BIN is not set")))

;;; harness.el ends here
