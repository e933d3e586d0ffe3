"""Who may see which row: the workspace scope, twice.

``tenant_scope`` opens a transaction and tells PostgreSQL the workspace; row-level security then
shows and accepts only its rows. ``TenantModel.objects`` raises outside a scope, so that forgotten
code fails loudly before it quietly finds nothing. Four doors open a scope: the request middleware,
``TenantTask``, the socket consumer, and the ingest step once it knows the channel.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

import psycopg
from celery import Task
from django.db import connection, models, transaction
from django_scopes import get_scope, scope
from psycopg.pq import ExecStatus, TransactionStatus

from helpdesk.foundation.errors import HelpdeskError
from helpdesk.foundation.ids import uuid7

M = TypeVar("M", bound=models.Model)
_ST = TypeVar("_ST")
_GT = TypeVar("_GT")


class NoTenantError(HelpdeskError):
    """Code touched tenant rows without saying for whom. Always a bug."""

    code = "no_tenant"
    status = 500


def current_workspace_id() -> UUID | None:
    """Return the workspace of the open scope, or None outside any."""
    found: UUID | None = get_scope().get("workspace_id")
    return found


def require_workspace_id() -> UUID:
    """Return the workspace of the open scope. Raises NoTenantError outside."""
    workspace_id = current_workspace_id()
    if workspace_id is None:
        raise NoTenantError("Tenant rows were asked for outside tenant_scope().")
    return workspace_id


@contextmanager
def tenant_scope(workspace_id: UUID) -> Iterator[None]:
    """Run the block as one transaction that sees exactly this workspace.

    Nesting the same workspace costs nothing; another workspace gets a savepoint of its own.
    """
    outer = current_workspace_id()
    if outer == workspace_id and connection.in_atomic_block:
        yield
        return
    with scope(workspace_id=workspace_id), transaction.atomic():
        _begin(workspace_id)
        yield
    # The setting lives until the transaction ends; inside a longer one it must not linger.
    if connection.in_atomic_block and not connection.needs_rollback:
        _tell_database(str(outer) if outer else "")


def _begin(workspace_id: UUID) -> None:
    """Tell PostgreSQL the workspace, in the same breath as BEGIN where a transaction starts here.

    Half of all round trips of a short transaction were these two; psycopg would take them apart.
    """
    raw: Any = connection.connection
    if raw.info.transaction_status != TransactionStatus.IDLE:
        _tell_database(str(workspace_id))
        return
    # Only a UUID has this attribute, and it has no quotes.
    statement = f"BEGIN; SELECT set_config('app.workspace_id', '{workspace_id.hex}', true)"
    with connection.wrap_database_errors:
        result = raw.pgconn.exec_(statement.encode())
        if result.status != ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(result.get_error_message())


def _tell_database(workspace_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.workspace_id', %s, true)", [workspace_id])


class TenantManager(models.Manager[M]):
    """The manager of tenant rows: filtered by the scope, and refusing to work without one."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(workspace_id=require_workspace_id())


class WorkspaceKey(models.ForeignKey[_ST, _GT]):
    """The workspace of a row: filled from the scope when the row is first written."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if add and getattr(model_instance, self.attname) is None:
            setattr(model_instance, self.attname, require_workspace_id())
        return super().pre_save(model_instance, add)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


class TenantModel(models.Model):
    """A row of one workspace. The wall itself is made by ``EnforceWall`` in the migration."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # No constraint and no index of its own: the wall checks the value on every write, composite
    # foreign keys tie it to parents, and every index of the table starts with it.
    workspace = WorkspaceKey(
        "identity.Workspace",
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        editable=False,
        related_name="+",
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True


def scope_of(row: TenantModel) -> AbstractContextManager[None]:
    """Open the scope of the workspace a row belongs to; for rows claimed across workspaces."""
    return tenant_scope(row.workspace_id)


class TenantForeignKey(models.ForeignKey[_ST, _GT]):
    """A reference inside one workspace.

    Django's own constraint would allow a row of another workspace, so it is switched off;
    ``EnforceWall`` adds one over (workspace_id, id). Indexes are declared where they are needed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs.setdefault("db_index", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        if kwargs.get("db_index") is False:
            kwargs.pop("db_index")
        return name, path, args, kwargs


class TenantTask(Task):  # type: ignore[type-arg]
    """A Celery task that takes ``workspace_id`` first and runs inside that scope."""

    def __call__(self, *args: Any, workspace_id: str, **kwargs: Any) -> Any:
        with tenant_scope(UUID(workspace_id)):
            return self.run(*args, **kwargs)
