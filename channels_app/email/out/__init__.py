"""How a mail is made and handed over: composing, SMTP, mail services."""
