"""Keys for programs: made here, shown once, revoked here."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from identity.forms import ApiTokenForm
from identity.models import ApiToken
from identity.permissions import Permission, requires
from identity.requests import MemberRequest
from identity.services.api_tokens import create_api_token, revoke_api_token


@requires(Permission.MANAGE_TOKENS)
@never_cache
def token_list(request: MemberRequest) -> HttpResponse:
    """Show the keys and make one. The new key is on this one answer and nowhere else."""
    form = ApiTokenForm(request.POST or None)
    key = ""
    if request.method == "POST" and form.is_valid():
        _, key = create_api_token(
            membership=request.membership, name=form.cleaned_data["name"], scopes=form.scopes()
        )
        form = ApiTokenForm()
    tokens = ApiToken.objects.select_related("membership__user").order_by("-created_at")
    facts = {"section": "tokens", "form": form, "tokens": list(tokens), "key": key}
    return render(request, "identity/tokens.html", facts)


@requires(Permission.MANAGE_TOKENS)
@require_POST
def token_revocation(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Make a key useless."""
    token = get_object_or_404(ApiToken.objects.filter(revoked_at__isnull=True), pk=pk)
    revoke_api_token(token=token)
    messages.success(request, f"The key {token.name} does not work any more.")
    return redirect("identity:tokens")
