"""E-mail: raw mails and the four mail services in, SMTP and the mail services out."""
