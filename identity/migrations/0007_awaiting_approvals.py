"""Finding the few actions that wait for somebody's approval, for the rail's count."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0006_pending_erasures")]

    operations = [
        migrations.AddIndex(
            model_name="moneyaction",
            index=models.Index(
                condition=models.Q(("state", "awaiting_approval")),
                fields=["workspace", "origin_conversation_id"],
                name="moneyaction_awaiting",
            ),
        ),
    ]
