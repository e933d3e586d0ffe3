"""Letting people in: a link for one address and one role, that works once and not for ever.

The link names its workspace, so finding the invitation crosses no wall. Only a fingerprint of its
secret is kept, which is why it is shown (or mailed) once, when it is made.
"""

import base64
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from helpdesk.foundation.signing import fingerprint, new_secret
from identity.errors import AboveYourRoleError, AlreadyMemberError, InvitationUnusableError
from identity.models import Invitation, Membership, Role, User, Workspace
from identity.services.members import join
from identity.tenancy import require_workspace_id, tenant_scope

logger = structlog.get_logger(__name__)

LIFETIME = timedelta(days=7)

#: Backends that only pretend to send.
_PRETENDERS = ("console", "dummy", "filebased")


@dataclass(frozen=True, slots=True)
class Invited:
    """``link`` is complete and can't be shown again; ``mailed`` says whether it also left by mail."""

    invitation: Invitation
    link: str
    mailed: bool


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that still works, with what the page says about it."""

    workspace: Workspace
    invitation: Invitation
    invited_by: str


def mail_is_set_up() -> bool:
    """Say whether mail to our own people really leaves (EMAIL_URL)."""
    backend = settings.EMAIL_BACKEND.split(".")
    return not any(pretender in backend for pretender in _PRETENDERS)


def open_invitations() -> QuerySet[Invitation]:
    """Return what is still unanswered, newest first; expired ones stay so they can be renewed."""
    found: QuerySet[Invitation] = (
        Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True)
        .select_related("invited_by__user")
        .order_by("-created_at")
    )
    return found


def invite(*, email: str, role: Role, by: Membership) -> Invited:
    """Invite one address, replacing an earlier invitation of it.

    Raises AlreadyMemberError for an active member and AboveYourRoleError.
    """
    address = email.strip().lower()
    if not Role(by.role).at_least(role):
        raise AboveYourRoleError(
            f"You are {Role(by.role).label.lower()} here and can't give the role "
            f"{role.label.lower()}. Ask an owner."
        )
    if Membership.objects.filter(user__email__iexact=address, is_active=True).exists():
        raise AlreadyMemberError(f"{address} works in this workspace already.")
    open_invitations().filter(email__iexact=address).update(revoked_at=timezone.now())
    token = new_secret()
    invitation = Invitation.objects.create(
        email=address,
        role=role,
        invited_by=by,
        token_hash=fingerprint(token),
        expires_at=timezone.now() + LIFETIME,
    )
    return _hand_out(invitation, token, by)


def renew_invitation(*, invitation: Invitation, by: Membership) -> Invited:
    """Make a new link for the same person; the old one stops working."""
    return invite(email=invitation.email, role=Role(invitation.role), by=by)


def revoke_invitation(*, invitation: Invitation) -> None:
    """Make the link useless."""
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])


def find_invitation(key: str) -> OpenInvitation:
    """Return the invitation a link names. Raises InvitationUnusableError."""
    workspace_id, token = _read_key(key)
    with tenant_scope(workspace_id):
        invitation = (
            Invitation.objects.select_related("invited_by__user")
            .filter(token_hash=fingerprint(token))
            .first()
        )
        if invitation is None or not invitation.is_open(timezone.now()):
            raise _unusable()
        return OpenInvitation(
            workspace=Workspace.objects.get(pk=workspace_id),
            invitation=invitation,
            invited_by=invitation.invited_by.name if invitation.invited_by else "An owner",
        )


def accept_invitation(key: str, *, user: User) -> Membership:
    """Make the person a member. The link proves the address, so it counts as verified."""
    workspace_id, token = _read_key(key)
    with tenant_scope(workspace_id):
        invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .filter(token_hash=fingerprint(token))
            .first()
        )
        if (
            invitation is None
            or not invitation.is_open(timezone.now())
            or invitation.email.lower() != user.email.lower()
        ):
            raise _unusable()
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        own_address(user)
        return join(user=user, role=Role(invitation.role))


def join_as_new_person(key: str, *, name: str, password: str) -> Membership:
    """Make an account for the invited address and let it in, both or neither.

    The invitation's row is locked first, so that a form sent twice makes one person.
    """
    workspace_id, token = _read_key(key)
    with tenant_scope(workspace_id):
        invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .filter(token_hash=fingerprint(token))
            .first()
        )
        if invitation is None or not invitation.is_open(timezone.now()):
            raise _unusable()
        user = User.objects.create_user(invitation.email, password, name=name)
        return accept_invitation(key, user=user)


def own_address(user: User) -> None:
    """Record that the address is proven to be this person's: two-factor set-up asks for it."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def _hand_out(invitation: Invitation, token: str, by: Membership) -> Invited:
    key = base64.b32encode(require_workspace_id().bytes).decode().rstrip("=").lower() + token
    link = settings.BASE_URL + reverse("accept_invitation", kwargs={"key": key})
    mailed = mail_is_set_up() and _mail(invitation, link, by)
    return Invited(invitation=invitation, link=link, mailed=mailed)


def _mail(invitation: Invitation, link: str, by: Membership) -> bool:
    """Send the link. A refused mail is no reason to lose the invitation: the link is shown then."""
    facts = {
        "workspace": Workspace.objects.get(pk=require_workspace_id()),
        "invitation": invitation,
        "role": Role(invitation.role).label.lower(),
        "by": by.name,
        "link": link,
        "days": LIFETIME.days,
    }
    message = EmailMultiAlternatives(
        subject=f"{by.name} invites you to {facts['workspace']}",
        body=render_to_string("identity/email/invitation.txt", facts),
        to=[invitation.email],
    )
    message.attach_alternative(
        render_to_string("identity/email/invitation.html", facts), "text/html"
    )
    try:
        message.send()
    except OSError:  # smtplib's errors are OSErrors too
        logger.exception("invitation.mail_failed", invitation_id=str(invitation.pk))
        return False
    return True


def _read_key(key: str) -> tuple[UUID, str]:
    try:
        return UUID(bytes=base64.b32decode(key[:26].upper() + "======")), key[26:]
    except ValueError as error:
        raise _unusable() from error


def _unusable() -> InvitationUnusableError:
    return InvitationUnusableError(
        "This invitation can't be used: it was used already, taken back, or is more than "
        f"{LIFETIME.days} days old. Ask whoever invited you for a new link."
    )
