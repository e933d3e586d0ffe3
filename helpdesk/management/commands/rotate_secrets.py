from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from channels_app.models import ChannelAccount
from helpdesk.foundation.crypto import decrypt, encrypt
from helpdesk.on_demand import servers_running
from identity.models import Workspace
from identity.tenancy import tenant_scope

#: Which entry of an authenticator's data is sealed.
SEALED = {"totp": "secret", "recovery_codes": "seed"}


class Command(BaseCommand):
    """Write every secret again with the newest key, in every workspace, one after the other."""

    help = (
        "Seal all secrets with the first of FERNET_KEYS. Afterwards the other keys can be removed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with servers_running():
            accounts = sum(self._accounts(workspace) for workspace in Workspace.objects.all())
            factors = self._second_factors()
        self.stdout.write(
            f"{accounts} channels and {factors} second factors are sealed with the newest key. "
            "Older keys can be taken out of FERNET_KEYS now."
        )

    def _accounts(self, workspace: Workspace) -> int:
        with tenant_scope(workspace.pk):
            accounts = list(ChannelAccount.objects.select_for_update())
            for account in accounts:
                account.save(update_fields=["secrets"])
        return len(accounts)

    def _second_factors(self) -> int:
        done = 0
        with transaction.atomic():
            for factor in Authenticator.objects.select_for_update().filter(type__in=SEALED):
                name = SEALED[factor.type]
                if name in factor.data:
                    factor.data[name] = encrypt(decrypt(factor.data[name]))
                    factor.save(update_fields=["data"])
                    done += 1
        return done
