"""The one base of errors that a person is meant to read."""

from collections.abc import Mapping, Sequence
from typing import Any


class HelpdeskError(Exception):
    """A refusal with a sentence for the reader and a stable ``code`` for programs.

    ``status`` is the HTTP status a door answers with; ``fields`` names form fields with their
    sentences; ``extra`` goes into the problem document as it is.
    """

    code = "error"
    status = 400

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        status: int | None = None,
        fields: Sequence[tuple[str, str]] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.status = status or self.status
        self.fields = tuple(fields)
        self.extra = dict(extra or {})


class NotFoundError(HelpdeskError):
    """Nothing here by that id, or nothing the caller may see: both look the same."""

    code = "not_found"
    status = 404


class ConflictError(HelpdeskError):
    """The thing changed, or is in a state that does not allow this."""

    code = "conflict"
    status = 409
