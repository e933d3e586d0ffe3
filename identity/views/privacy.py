"""Requests in a person's name: what the law asked for, what was done, and starting one by hand."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from identity.forms import EvidenceForm, PrivacyForm
from identity.models import PrivacyRequest
from identity.permissions import Permission, requires
from identity.requests import MemberRequest
from identity.services.privacy import read_copy, redact_customer, request_export
from identity.services.proofs import accept_evidence

#: Requests on the page; older ones are in the export of the workspace.
SHOWN = 100


@requires(Permission.MANAGE_PRIVACY)
@never_cache
def privacy_page(request: MemberRequest) -> HttpResponse:
    """Show the requests and take one by hand."""
    form = PrivacyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _do(request, form)
        return redirect("identity:privacy")
    rows = (
        PrivacyRequest.objects.select_related("requested_by__user")
        .prefetch_related("results")
        .order_by("-created_at")[:SHOWN]
    )
    evidence = EvidenceForm(
        initial={"accepted": request.membership.workspace.accepted_evidence}, auto_id="evidence_%s"
    )
    facts = {"section": "privacy", "form": form, "rows": list(rows), "evidence": evidence}
    return render(request, "identity/privacy.html", facts)


@requires(Permission.MANAGE_PRIVACY)
@require_POST
def evidence(request: MemberRequest) -> HttpResponse:
    """Decide what is enough to be told of one's orders."""
    form = EvidenceForm(request.POST)
    if form.is_valid():
        accept_evidence(
            workspace=request.membership.workspace, accepted=form.cleaned_data["accepted"]
        )
        messages.success(request, "Saved. It holds from the next question on.")
    else:
        messages.error(request, str(form.errors["accepted"][0]))
    return redirect("identity:privacy")


@requires(Permission.MANAGE_PRIVACY)
@require_safe
@never_cache
def privacy_copy(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Hand out a copy that lies ready."""
    found = get_object_or_404(PrivacyRequest.objects.exclude(file_key=""), pk=pk)
    response = HttpResponse(read_copy(found), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="customer-data-{found.pk}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _do(request: MemberRequest, form: PrivacyForm) -> None:
    named = {"email": form.cleaned_data["email"], "phone": form.cleaned_data["phone"]}
    if form.cleaned_data["act"] == PrivacyForm.ERASE:
        done = redact_customer(**named, by=request.membership)
        said = "They are erased. What was done is below, without their data."
    else:
        done = request_export(**named, by=request.membership)
        said = "The copy lies ready below."
    messages.success(request, said if done.found else "Nothing was found by that name.")
