"""What a view's request looks like behind the middleware."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

from identity.models import Membership, User

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class MemberRequest(HttpRequest):
    """A request behind ``requires`` or ``member_required``: signed in, inside a workspace's scope."""

    user: User
    membership: Membership
    htmx: "HtmxDetails"
