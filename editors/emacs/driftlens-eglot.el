;;; driftlens-eglot.el --- Driftlens for Eglot  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Eglot has one server for a buffer.  In TypeScript and JavaScript Driftlens
;; therefore shares it with the server that Eglot uses otherwise, through the
;; multiplexer `rass' (Python package rassumfrassum):
;;
;;   (require 'driftlens-eglot)
;;   (driftlens-eglot-setup)
;;   (add-hook 'typescript-ts-mode-hook #'driftlens-eglot-ensure)
;;   (add-hook 'sql-mode-hook #'driftlens-eglot-ensure)
;;
;; Eglot does not know edits that create files.  A server of the class
;; `driftlens-eglot-server' may send them, so that a migration can be
;; generated: its buffers are made, filled and saved.

;;; Code:

(require 'cl-lib)
(require 'driftlens)
(require 'eglot)

(defcustom driftlens-eglot-beside '("typescript-language-server" "--stdio")
  "The server that TypeScript and JavaScript have besides Driftlens.
Nil for none: Driftlens has these buffers alone."
  :type '(choice (const :tag "None" nil) (repeat string))
  :group 'driftlens)

(defcustom driftlens-eglot-multiplexer "rass"
  "The program that makes one server of several."
  :type 'string
  :group 'driftlens)

(defclass driftlens-eglot-server (eglot-lsp-server) ()
  :documentation "A server that may create files, Driftlens among others.")

(defun driftlens-eglot--contact (&rest _)
  "The command of the server for this buffer."
  (let* ((alone (list driftlens-program "lsp"))
         (beside (and (not (derived-mode-p 'sql-mode))
                      driftlens-eglot-beside
                      (executable-find (car driftlens-eglot-beside))
                      driftlens-eglot-beside))
         (has-multiplexer (executable-find driftlens-eglot-multiplexer)))
    (cond
     ((null beside) (cons 'driftlens-eglot-server alone))
     ((null (driftlens-project-folder)) beside)
     (has-multiplexer
      (append (list 'driftlens-eglot-server driftlens-eglot-multiplexer "--")
              beside '("--") alone))
     (t
      (display-warning
       'driftlens
       (format "%s is not found, so this buffer has %s alone; see `driftlens-eglot-multiplexer'"
               driftlens-eglot-multiplexer (car beside)))
      beside))))

;;;###autoload
(defun driftlens-eglot-setup ()
  "Tell Eglot of Driftlens, for schema files and migrations."
  (add-to-list 'eglot-server-programs
               '(((js-mode :language-id "javascript")
                  (js-ts-mode :language-id "javascript")
                  (js2-mode :language-id "javascript")
                  (tsx-ts-mode :language-id "typescriptreact")
                  (typescript-ts-mode :language-id "typescript")
                  (typescript-mode :language-id "typescript")
                  (sql-mode :language-id "sql"))
                 . driftlens-eglot--contact)))

;;;###autoload
(defun driftlens-eglot-ensure ()
  "Start Eglot where the buffer belongs to a project.  For a mode's hook."
  (when (and buffer-file-name (driftlens-project-folder))
    (eglot-ensure)))

(cl-defmethod eglot-client-capabilities :around ((_server driftlens-eglot-server))
  "Add that edits may create files."
  (let* ((capabilities (cl-call-next-method))
         (workspace (plist-get capabilities :workspace))
         (edit (plist-get workspace :workspaceEdit)))
    (plist-put capabilities :workspace
               (plist-put workspace :workspaceEdit
                          (append edit '(:resourceOperations ["create"]))))))

(defun driftlens-eglot--applying (edit apply)
  "Call APPLY with what Eglot understands of EDIT, then save its files.
Eglot makes a file by editing it; only its folder must be there.  What
was being edited before is left for the person to save."
  (let ((changes (append (plist-get edit :documentChanges) nil))
        paths texts)
    (dolist (change changes)
      (pcase (plist-get change :kind)
        ("create"
         (make-directory (file-name-directory (eglot-uri-to-path (plist-get change :uri))) t))
        ('nil
         (push change texts)
         (let* ((path (eglot-uri-to-path
                       (plist-get (plist-get change :textDocument) :uri)))
                (open (find-buffer-visiting path)))
           (unless (and open (buffer-modified-p open))
             (push path paths))))))
    (prog1
        (funcall apply
                 (if changes
                     (plist-put (copy-sequence edit) :documentChanges
                                (vconcat (nreverse texts)))
                   edit))
      (dolist (path (delete-dups (nreverse paths)))
        (when-let* ((buffer (find-buffer-visiting path)))
          (with-current-buffer buffer
            (save-buffer)))))))

(defun driftlens-eglot--creates-p (edit)
  "Whether EDIT has new files."
  (seq-some (lambda (change) (equal (plist-get change :kind) "create"))
            (plist-get edit :documentChanges)))

(cl-defmethod eglot-execute :around ((server driftlens-eglot-server) action)
  "Execute ACTION of SERVER, which may create files."
  (let* ((is-complete (or (plist-get action :edit) (plist-get action :command)
                          (not (plist-get action :data))))
         (action (if is-complete action
                   (jsonrpc-request server :codeAction/resolve action)))
         (edit (plist-get action :edit)))
    (if (driftlens-eglot--creates-p edit)
        (driftlens-eglot--applying
         edit (lambda (edit)
                (cl-call-next-method
                 server (plist-put (copy-sequence action) :edit edit))))
      (cl-call-next-method server action))))

(cl-defmethod eglot-handle-request :around
  ((server driftlens-eglot-server) (method (eql workspace/applyEdit))
   &key label edit &allow-other-keys)
  "Apply the EDIT named LABEL that SERVER asks for with METHOD."
  (if (driftlens-eglot--creates-p edit)
      (driftlens-eglot--applying
       edit (lambda (edit) (cl-call-next-method server method :label label :edit edit)))
    (cl-call-next-method server method :label label :edit edit)))

(defun driftlens-eglot--database-changed (folder)
  "Tell the servers of FOLDER's buffers that a database may be another one now."
  (let (servers)
    (dolist (buffer (driftlens--buffers folder))
      (with-current-buffer buffer
        (when-let* ((server (eglot-current-server))
                    ((cl-typep server 'driftlens-eglot-server)))
          (cl-pushnew server servers))))
    (dolist (server servers)
      (jsonrpc-notify server :driftlens/databaseChanged eglot--{}))))

(add-hook 'driftlens-after-run-functions #'driftlens-eglot--database-changed)

(defun driftlens-eglot-status ()
  "Say how the projects of the server of this buffer stand."
  (interactive)
  (let ((projects (plist-get (jsonrpc-request (eglot--current-server-or-lose)
                                              :driftlens/status nil)
                             :projects)))
    (message "%s"
             (if (seq-empty-p projects)
                 "driftlens: no project was found"
               (mapconcat
                (lambda (project)
                  (format "%s: %d pending, %d errors%s"
                          (plist-get project :label) (plist-get project :pending)
                          (plist-get project :errors)
                          (if-let* ((database (plist-get project :database)))
                              (format "; %s: %s, %s unapplied, %s drift"
                                      (plist-get database :environment)
                                      (plist-get database :state)
                                      (or (plist-get database :unapplied) "?")
                                      (or (plist-get database :drift) "?"))
                            "")))
                projects "\n")))))

(provide 'driftlens-eglot)
;;; driftlens-eglot.el ends here
