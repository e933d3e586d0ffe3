"""People and roles: who works here, who is invited."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from identity.forms import InviteForm, roles_up_to
from identity.models import Invitation, Membership, Role
from identity.permissions import Permission, requires
from identity.requests import MemberRequest
from identity.services.invitations import (
    Invited,
    invite,
    mail_is_set_up,
    open_invitations,
    renew_invitation,
    revoke_invitation,
)
from identity.services.members import (
    change_role,
    deactivate_member,
    members,
    reactivate_member,
)

PAGE = "identity:members"


@requires(Permission.MANAGE_MEMBERS)
def member_list(request: MemberRequest) -> HttpResponse:
    """Show everybody and invite somebody."""
    form = InviteForm(request.POST or None, by=request.membership)
    if request.method == "POST" and form.is_valid():
        role = Role(form.cleaned_data["role"])
        invited = invite(email=form.cleaned_data["email"], role=role, by=request.membership)
        return _page(request, InviteForm(by=request.membership), invited)
    return _page(request, form)


@requires(Permission.MANAGE_MEMBERS)
@require_POST
def role(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Give a member another role."""
    member = _member(pk)
    wanted = request.POST.get("role", "")
    if wanted not in Role.values:
        messages.error(request, "Choose one of the roles in the list.")
        return redirect(PAGE)
    change_role(member=member, role=Role(wanted), by=request.membership)
    messages.success(request, f"{member.name} is {Role(wanted).label.lower()} now.")
    return redirect(PAGE)


@requires(Permission.MANAGE_MEMBERS)
@require_POST
def deactivation(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Shut a member out."""
    member = deactivate_member(member=_member(pk), by=request.membership)
    messages.success(request, f"{member.name} can't come in any more. What they wrote stays.")
    return redirect("/" if member.pk == request.membership.pk else PAGE)


@requires(Permission.MANAGE_MEMBERS)
@require_POST
def reactivation(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Let a member in again."""
    member = reactivate_member(member=_member(pk), by=request.membership)
    messages.success(request, f"{member.name} can come in again.")
    return redirect(PAGE)


@requires(Permission.MANAGE_MEMBERS)
@require_POST
def invitation_renewal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Make a new link for an invited person."""
    invited = renew_invitation(invitation=_invitation(pk), by=request.membership)
    return _page(request, InviteForm(by=request.membership), invited)


@requires(Permission.MANAGE_MEMBERS)
@require_POST
def invitation_revocation(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitation = _invitation(pk)
    revoke_invitation(invitation=invitation)
    messages.success(request, f"The invitation of {invitation.email} is taken back.")
    return redirect(PAGE)


def _member(pk: UUID) -> Membership:
    return get_object_or_404(members(), pk=pk)


def _invitation(pk: UUID) -> Invitation:
    return get_object_or_404(open_invitations(), pk=pk)


def _page(request: MemberRequest, form: InviteForm, invited: Invited | None = None) -> HttpResponse:
    everybody = list(members())
    me = Role(request.membership.role)
    for member in everybody:
        member.may_change = me.at_least(Role(member.role))  # type: ignore[attr-defined]
    return render(
        request,
        "identity/members.html",
        {
            "section": "members",
            "form": form,
            "members": everybody,
            "invitations": list(open_invitations()),
            "invited": invited,
            "roles": roles_up_to(request.membership),
            "mail_works": mail_is_set_up(),
        },
    )
