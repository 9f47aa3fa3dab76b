;;; driftlens-lsp.el --- Driftlens for lsp-mode  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; lsp-mode runs several servers in a buffer.  Driftlens is one besides the
;; server of the language, in the buffers of its projects only:
;;
;;   (with-eval-after-load 'lsp-mode (require 'driftlens-lsp))
;;   (add-hook 'sql-mode-hook #'lsp-deferred)

;;; Code:

(require 'driftlens)
(require 'lsp-mode)

(defcustom driftlens-lsp-environment ""
  "The environment that is looked at, as driftlens.toml calls it.
Empty for the one for development."
  :type 'string
  :group 'driftlens)

(defcustom driftlens-lsp-database t
  "Whether databases are looked at."
  :type 'boolean
  :group 'driftlens)

(defun driftlens-lsp--wanted-p (file mode)
  "Whether FILE, in major mode MODE, belongs to a project."
  (and file
       (provided-mode-derived-p mode driftlens-modes)
       (driftlens-project-folder file)
       t))

(lsp-register-custom-settings
 '(("driftlens.database.environment" driftlens-lsp-environment)
   ("driftlens.database.enable" driftlens-lsp-database t)))

(lsp-register-client
 (make-lsp-client
  :new-connection (lsp-stdio-connection (lambda () (list driftlens-program "lsp")))
  :activation-fn #'driftlens-lsp--wanted-p
  :server-id 'driftlens
  :add-on? t
  :priority -1
  :initialized-fn (lambda (workspace)
                    (with-lsp-workspace workspace
                      (lsp--set-configuration (lsp-configuration-section "driftlens"))))))

(defun driftlens-lsp--database-changed (folder)
  "Tell the servers of FOLDER's buffers that a database may be another one now."
  (let ((workspaces (mapcar (lambda (buffer)
                              (lsp-find-workspace 'driftlens (buffer-file-name buffer)))
                            (driftlens--buffers folder))))
    (dolist (workspace (delete-dups (delq nil workspaces)))
      (with-lsp-workspace workspace
        (lsp-notify "driftlens/databaseChanged" (make-hash-table))))))

(add-hook 'driftlens-after-run-functions #'driftlens-lsp--database-changed)

(provide 'driftlens-lsp)
;;; driftlens-lsp.el ends here
