;;; tidy.el --- The Emacs Lisp that is shipped keeps to its rules  -*- lexical-binding: t -*-

;;; Commentary:

;; It compiles without a warning, and checkdoc has nothing to say.

;;; Code:

(load (expand-file-name "harness.el" (file-name-directory load-file-name)) nil t)
(require 'bytecomp)
(require 'checkdoc)

(defvar compiled (make-temp-file "driftlens-emacs" t))
(setq byte-compile-dest-file-function
      (lambda (file) (expand-file-name (concat (file-name-nondirectory file) "c") compiled))
      byte-compile-error-on-warn t)

(defvar complaints nil)
(setq checkdoc-create-error-function
      (lambda (text start &rest _)
        (push (format "%s:%d: %s" (buffer-name) (line-number-at-pos start) text) complaints)
        nil))

(dolist (file (directory-files (file-name-directory (locate-library "driftlens.el")) t "\\.el\\'"))
  (let ((name (file-name-nondirectory file)))
    (ok (byte-compile-file file) (concat name " compiles without a warning"))
    (setq complaints nil)
    (with-current-buffer (find-file-noselect file)
      (checkdoc-current-buffer t))
    (ok (null complaints) (format "%s is documented %s" name (or complaints "")))))

(delete-directory compiled t)
(done)

;;; tidy.el ends here
