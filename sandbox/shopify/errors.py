"""How the store says no: errors of the request, and errors of the user's making."""

from typing import Any

from graphql import GraphQLError


def top_error(message: str, code: str, **more: Any) -> GraphQLError:
    """Return an entry of ``errors`` with ``extensions.code``."""
    return GraphQLError(message, extensions={"code": code, **more})


def not_implemented(what: str) -> GraphQLError:
    """The sandbox does not know this. It never guesses."""
    return top_error(f"The sandbox store does not know {what}", "NOT_IMPLEMENTED")


def access_denied(where: str, needed: str) -> GraphQLError:
    return top_error(
        f"Access denied for {where} field. Required access: {needed}",
        "ACCESS_DENIED",
        documentation="https://shopify.dev/api/usage/access-scopes",
        requiredAccess=needed,
    )


class UserError(Exception):
    """A rule of the shop forbids it. Becomes ``userErrors`` with HTTP 200; nothing was written."""

    def __init__(
        self, message: str, field: list[str] | None = None, code: str | None = None, **more: Any
    ) -> None:
        super().__init__(message)
        self.answer = {"message": message, "field": field, "code": code, **more}
