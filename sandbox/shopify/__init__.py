"""A store that speaks Shopify's Admin API, for the demo and for tests."""
