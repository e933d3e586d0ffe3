"""One log line format for Django, Celery, uvicorn and ourselves: an event, then its fields."""

import logging.config
from collections.abc import MutableMapping
from typing import Any

import structlog

#: Asked every few seconds by machines; a line for each would bury the others.
PROBES = ("/healthz", "/readyz", "/metrics")


def _drop_probes(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
    """Keep successful probes out of the log."""
    path = str(event.get("request")).removeprefix("GET ")
    if event.get("event") == "request_finished" and event.get("code") == 200 and path in PROBES:
        raise structlog.DropEvent
    return event


def _drop_colours(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
    """Uvicorn repeats its message with terminal colours."""
    event.pop("color_message", None)
    return event


#: Run on every record, whether structlog or the standard library made it. ``request_id`` comes from
#: django-structlog, ``workspace_id`` is bound by the workspace middleware and by TenantTask.
SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    _drop_colours,
]

#: Libraries that tell every step of theirs at INFO.
QUIET = {
    "httpx": "WARNING",
    "httpcore": "WARNING",
    "celery.worker.strategy": "WARNING",
    "celery.app.trace": "WARNING",
    "celery.beat": "WARNING",
    "kombu": "WARNING",
    "psycopg.pool": "ERROR",
    "uvicorn.access": "WARNING",
}


def structlog_settings(*, level: str, as_json: bool, times: bool) -> None:
    """Configure logging for this process: JSON for machines, one readable line for people."""
    shared = [*SHARED, structlog.processors.TimeStamper(fmt="iso", utc=True)] if times else SHARED
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=False,
            pad_event_to=0,
            # The default prints every local variable: bodies, addresses, secrets.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    finish: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if as_json:
        finish.append(structlog.processors.format_exc_info)
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [*finish, renderer],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {name: {"level": quiet} for name, quiet in QUIET.items()},
        }
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _drop_probes,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
