from django.apps import AppConfig


class AiAgentConfig(AppConfig):
    name = "ai_agent"
    label = "ai_agent"
    verbose_name = "AI agent"
    default_auto_field = "django.db.models.BigAutoField"
