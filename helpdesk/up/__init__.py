"""One light process that owns all others on one machine. It never imports Django."""
