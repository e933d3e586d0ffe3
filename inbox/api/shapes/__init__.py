"""What the outside is told about a row, as plain dicts: the API, the socket and the page agree.

Written by hand rather than by serializers, because a list row is made fifty times per request and
once per change; ``inbox.api.serializers`` declares the same shapes for the schema, and a test
compares the two.
"""
