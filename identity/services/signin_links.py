"""One-time sign-in links, for the operator's console and the demo.

Each link is a row of Django's session table under the fingerprint of its secret: it survives a
restart, expires with the sessions, and works once because deleting the row decides who came first.
The row carries no signed-in user, so its key is worth nothing as a session cookie.
"""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from helpdesk.foundation.signing import fingerprint, new_secret
from identity.models import User

LIFETIME = timedelta(hours=2)
_FIELD = "sign_in_link_of"


def make_signin_link(user: User) -> str:
    """Return the path of a link that signs this person in once, within two hours."""
    token = new_secret()
    Session.objects.save(_row_key(token), {_FIELD: str(user.pk)}, timezone.now() + LIFETIME)
    return reverse("sign_in_link", kwargs={"token": token})


def redeem(token: str) -> User | None:
    """Use up the link and return whose it is; None when it was used, has expired or never was."""
    row = Session.objects.filter(session_key=_row_key(token)).first()
    if row is None:
        return None
    facts = row.get_decoded()
    deleted, _ = Session.objects.filter(session_key=row.session_key).delete()
    if not deleted or _FIELD not in facts or row.expire_date <= timezone.now():
        return None
    return User.objects.filter(pk=facts[_FIELD], is_active=True).first()


def _row_key(token: str) -> str:
    return fingerprint(f"sign-in-link:{token}")[:40]
