"""Reading a request: parameters and bodies through their serializer, ids through their guard."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from helpdesk.foundation.errors import NotFoundError

M = TypeVar("M", bound=Model)


def params(request: Request, kind: type[Serializer[Any]]) -> dict[str, Any]:
    """Return the query parameters. Raises ValidationError."""
    return _checked(kind(data=request.query_params.dict()))


def body(request: Request, kind: type[Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
    """Return the body. Raises ValidationError."""
    return _checked(kind(data=request.data, partial=partial))


def one(rows: QuerySet[M], pk: UUID, what: str) -> M:
    """Return the row, or raise NotFoundError: absent and another workspace's look the same."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFoundError(f"There is no such {what}.")
    return found


def some(rows: QuerySet[M], pks: Sequence[UUID], what: str) -> list[M]:
    """Return the rows in the order asked for; all of them, or NotFoundError."""
    found = {row.pk: row for row in rows.filter(pk__in=list(pks))} if pks else {}
    if any(pk not in found for pk in pks):
        raise NotFoundError(f"There is no such {what}.")
    return [found[pk] for pk in dict.fromkeys(pks)]


def _checked(serializer: Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
