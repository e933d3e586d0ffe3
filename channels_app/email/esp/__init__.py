"""What the mail services post to us: their inbound forms and their events, one file per service."""
