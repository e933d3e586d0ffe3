"""The store's own admin, as far as a person needs it to see what happened."""
