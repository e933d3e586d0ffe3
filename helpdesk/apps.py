from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    """The project package: no models, installed for its commands and checks."""

    name = "helpdesk"
    label = "helpdesk"
    verbose_name = "Helpdesk"

    def ready(self) -> None:
        # Tasks bind to whichever Celery app exists: without this, publishing goes nowhere.
        from helpdesk import celery, checks  # noqa: F401
