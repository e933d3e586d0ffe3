from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "identity"
    label = "identity"
    verbose_name = "People and workspaces"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from identity import subscribers  # noqa: F401  (listeners register on import)
        from identity.shopify import platform  # noqa: F401  (the platform enters itself on import)
