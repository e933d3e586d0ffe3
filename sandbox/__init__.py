"""Stand-ins for the providers, for tests and the demo. The product never imports this."""
