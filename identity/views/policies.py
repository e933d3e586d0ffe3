"""The shop's policy: windows, limits and who may do what, tried over orders before it is saved."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from identity.commerce.dry_run import SHOWN, dry_run, sample_orders
from identity.commerce.facts import OrderFacts
from identity.commerce.models import PolicyVersion
from identity.commerce.policies import current_policy, differences, save_policy
from identity.commerce.policy_settings import Actor, PolicySettings
from identity.models import Store, StoreOrder
from identity.permissions import Permission, requires
from identity.policy_form import LIMITED, PolicyForm
from identity.requests import MemberRequest

#: Orders the table tries a policy over, and versions the history shows.
ORDERS, VERSIONS = 8, 20


@requires(Permission.MANAGE_POLICIES)
def policies_page(request: MemberRequest) -> HttpResponse:
    """Change the policy."""
    form = PolicyForm(request.POST or None, settings=current_policy())
    if request.method == "POST" and form.is_valid():
        save_policy(
            settings=form.settings(), by=request.membership, comment=form.cleaned_data["comment"]
        )
        messages.success(
            request, "Saved. It counts from now on, for what is confirmed already too."
        )
        return redirect("identity:policies")
    facts = {"section": "policies", "form": form, "versions": _history(), **_tried(request, form)}
    return render(request, "identity/policies.html", facts)


@requires(Permission.MANAGE_POLICIES)
@require_POST
def policies_dry_run(request: MemberRequest) -> HttpResponse:
    """Say what the policy in the form would mean, before it is saved."""
    form = PolicyForm(request.POST, settings=current_policy())
    return render(request, "identity/_policy_dry_run.html", _tried(request, form))


def _history() -> list[dict[str, object]]:
    """Return the newest versions with what each changed."""
    found = list(PolicyVersion.objects.select_related("saved_by__user")[: VERSIONS + 1])
    before = [*(one.read() for one in found[1:]), PolicySettings()]
    return [
        {"version": version, "changes": differences(old, version.read())}
        for version, old in zip(found, before, strict=False)
    ][:VERSIONS]


def _tried(request: MemberRequest, form: PolicyForm) -> dict[str, object]:
    given = request.POST.get("try_as", "")
    actor = Actor(given) if given in set(LIMITED) else Actor.AGENT
    settings = form.before
    if form.is_bound:
        settings = form.settings() if form.is_valid() else form.before
    orders, real = _orders()
    return {
        "rows": dry_run(orders, settings=settings, actor=actor, now=timezone.now()),
        "columns": list(SHOWN.values()),
        "actors": list(LIMITED.items()),
        "actor": actor,
        "real": real,
        "unsaved": form.is_bound and form.is_valid(),
        "broken": form.is_bound and not form.is_valid(),
    }


def _orders() -> tuple[list[OrderFacts], bool]:
    """Return the shop's newest orders, or samples where none are here yet."""
    rows = StoreOrder.objects.filter(deleted_at__isnull=True).exclude(facts={})
    found = [OrderFacts.from_json(row.facts) for row in rows.order_by("-placed_at")[:ORDERS]]
    if found:
        return found, True
    store = Store.objects.exclude(currency="").first()
    return sample_orders(timezone.now(), store.currency if store else "EUR"), False
