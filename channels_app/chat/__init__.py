"""Web chat: the storefront widget's HTTP, its socket, and the form for pages without JavaScript."""
