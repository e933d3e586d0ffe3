"""Migration operations that build the tenant wall in PostgreSQL.

Kept apart from ``tenancy.py`` because migrations import it for ever: its SQL must stay stable.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.migrations.operations.base import Operation

from identity.tenancy import TenantForeignKey

SYSTEM_ROLE = "helpdesk_system"


def app_role() -> str:
    """Return the role the product connects as."""
    return str(settings.DATABASES["default"]["USER"])


class EnforceWall(Operation):
    """Put tables behind the wall: key, policy and composite foreign keys.

    The primary key becomes (workspace_id, id), so every look-up by id walks the workspace's part
    of the index; the policy shows only the scope's rows, to the owner too; each TenantForeignKey
    refers to (workspace_id, id), so that a foreign workspace's row can't be named.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, models: Sequence[str]) -> None:
        self.models = list(models)

    def deconstruct(self) -> Any:
        return self.__class__.__name__, [], {"models": self.models}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing that Django's state knows of."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        tables = [to_state.apps.get_model(app_label, name)._meta for name in self.models]
        for meta in tables:
            for statement in wall_sql(meta.db_table):
                schema_editor.execute(statement)
        for meta in tables:
            for field in meta.local_fields:
                if isinstance(field, TenantForeignKey):
                    schema_editor.execute(
                        reference_sql(
                            meta.db_table,
                            field.column,
                            field.remote_field.model._meta.db_table,
                        )
                    )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for name in self.models:
            table = from_state.apps.get_model(app_label, name)._meta.db_table
            schema_editor.execute(f'DROP POLICY IF EXISTS workspace_wall ON "{table}"')
            schema_editor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')

    def describe(self) -> str:
        return f"Put {', '.join(self.models)} behind the tenant wall"


def wall_sql(table: str) -> list[str]:
    """Return the statements that make one table a tenant table."""
    return [
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey"',
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_pkey" PRIMARY KEY (workspace_id, id)',
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY workspace_wall ON "{table}" '
        "USING (workspace_id = app_workspace()) WITH CHECK (workspace_id = app_workspace())",
    ]


def reference_sql(table: str, column: str, target: str) -> str:
    """Return the composite foreign key over (workspace_id, column)."""
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{column}_wall" '
        f'FOREIGN KEY (workspace_id, "{column}") REFERENCES "{target}" (workspace_id, id)'
    )


def system_function_sql(signature: str, definition: str) -> list[str]:
    """Return the statements for a function that crosses workspaces, callable by the product.

    ``signature`` is ``name(argument types)``; ``definition`` all that follows CREATE FUNCTION's
    argument list. It runs as the system role, which no one can log in as.
    """
    return [
        definition,
        f"ALTER FUNCTION {signature} OWNER TO {SYSTEM_ROLE}",
        f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {signature} TO {app_role()}",
    ]


class SystemFunction(Operation):
    """Create one of the few named functions that look across workspaces."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, *, signature: str, definition: str, reads: Sequence[str]) -> None:
        self.signature = signature
        self.definition = definition
        self.reads = list(reads)

    def deconstruct(self) -> Any:
        return (
            self.__class__.__name__,
            [],
            {"signature": self.signature, "definition": self.definition, "reads": self.reads},
        )

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing that Django's state knows of."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for table in self.reads:
            schema_editor.execute(f"GRANT SELECT ON {table} TO {SYSTEM_ROLE}")
            schema_editor.execute(f"DROP POLICY IF EXISTS system_read ON {table}")
            schema_editor.execute(
                f"CREATE POLICY system_read ON {table} FOR SELECT TO {SYSTEM_ROLE} USING (true)"
            )
        for statement in system_function_sql(self.signature, self.definition):
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {self.signature}")

    def describe(self) -> str:
        return f"Create the cross-workspace function {self.signature}"


class LedgerAccess(Operation):
    """Let the system role work a ledger table, through the named functions alone."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, *, table: str, functions: Sequence[tuple[str, str]]) -> None:
        self.table = table
        self.functions = list(functions)

    def deconstruct(self) -> Any:
        return self.__class__.__name__, [], {"table": self.table, "functions": self.functions}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing that Django's state knows of."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        schema_editor.execute(f"GRANT SELECT, UPDATE ON {self.table} TO {SYSTEM_ROLE}")
        schema_editor.execute(
            f"CREATE POLICY system_ledger ON {self.table} TO {SYSTEM_ROLE} "
            "USING (true) WITH CHECK (true)"
        )
        for signature, definition in self.functions:
            for statement in system_function_sql(signature, definition):
                schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for signature, _ in self.functions:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {signature}")
        schema_editor.execute(f"DROP POLICY IF EXISTS system_ledger ON {self.table}")

    def describe(self) -> str:
        return f"Let the system role work {self.table}"
