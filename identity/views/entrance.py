"""Coming in: the first run, one-time links, invitations, and changing workspaces."""

from typing import cast
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import login as allauth_login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from helpdesk.foundation.errors import HelpdeskError, NotFoundError
from identity.forms import AcceptForm, SetUpForm
from identity.middleware import SESSION_KEY, opens_own_scope
from identity.models import User
from identity.services.first_run import is_empty, set_up
from identity.services.invitations import (
    OpenInvitation,
    accept_invitation,
    find_invitation,
    join_as_new_person,
)
from identity.services.signin_links import redeem
from identity.services.workspaces import memberships_of


def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in; an installation nobody has set up asks for that first."""
    if request.method == "GET" and is_empty():
        return redirect("first_run")
    response: HttpResponse = allauth_login(request)
    return response


@never_cache
def first_run(request: HttpRequest) -> HttpResponse:
    """Make the first workspace and its owner. Works once."""
    if not is_empty():
        return redirect("account_login")
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        user = set_up(
            workspace_name=facts["workspace"],
            timezone=facts["timezone"],
            name=facts["name"],
            email=facts["email"],
            password=facts["password"],
        )
        return _sign_in(request, user, method="password")
    return render(request, "identity/first_run.html", {"form": form})


@never_cache
@opens_own_scope
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in with a link from the operator's console. It works once, and not for a preview."""
    if request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return HttpResponse(status=204)
    user = redeem(token)
    if user is None:
        if request.user.is_authenticated:
            return redirect("/")
        raise HelpdeskError(
            "This sign-in link was used already or is more than two hours old. Sign in with your "
            "password, or ask for a new link: manage.py sign_in_link <address>.",
            code="link_used",
            status=410,
        )
    return _sign_in(request, user, method="sign_in_link")


@never_cache
@opens_own_scope
def accept(request: HttpRequest, key: str) -> HttpResponse:
    """Answer an invitation: join with the account one has, or make one."""
    found = find_invitation(key)
    email = found.invitation.email
    if request.user.is_authenticated:
        if request.user.email.lower() != email.lower():
            return _page(request, "identity/invitation_other.html", found)
        if request.method == "POST":
            return _join(request, key, request.user)
        return _page(request, "identity/invitation_join.html", found)
    if User.objects.filter(email__iexact=email).exists():
        return _page(request, "identity/invitation_sign_in.html", found)
    form = AcceptForm(request.POST or None, email=email)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        member = join_as_new_person(key, name=facts["name"], password=facts["password"])
        response = _sign_in(request, member.user, method="password")
        request.session[SESSION_KEY] = str(found.workspace.pk)
        return response
    return _page(request, "identity/invitation.html", found, form=form)


@require_POST
@login_required
@opens_own_scope
def switch_workspace(request: HttpRequest, workspace_id: UUID) -> HttpResponse:
    """Work in another workspace. One that is not mine does not exist."""
    person = cast("User", request.user)
    if workspace_id not in {place for place, _ in memberships_of(person.pk)}:
        raise NotFoundError("There is no such workspace, or you don't work in it.")
    request.session[SESSION_KEY] = str(workspace_id)
    wanted = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return redirect(wanted if safe else "/")


def _page(
    request: HttpRequest, template: str, found: OpenInvitation, **more: object
) -> HttpResponse:
    facts = {"workspace": found.workspace, "invitation": found.invitation, "by": found.invited_by}
    return render(request, template, {**facts, **more})


def _join(request: HttpRequest, key: str, user: User) -> HttpResponse:
    membership = accept_invitation(key, user=user)
    request.session[SESSION_KEY] = str(membership.workspace_id)
    return redirect("/")


def _sign_in(request: HttpRequest, user: User, *, method: str) -> HttpResponse:
    """Go through allauth, so that a second factor is asked for and the session is listed."""
    record_authentication(request, user, method=method)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url="/"))
    return response
