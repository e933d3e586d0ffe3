from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "identity"
    label = "identity"
    verbose_name = "People and workspaces"
    default_auto_field = "django.db.models.BigAutoField"
