"""One's own page, open to every role."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from identity.forms import ProfileForm
from identity.permissions import Permission, may, member_required
from identity.requests import MemberRequest
from identity.services.members import save_preferences, save_profile


@member_required
def settings_home(request: MemberRequest) -> HttpResponse:
    """Begin where this person has something to set up."""
    if may(request.membership, Permission.MANAGE_CHANNELS):
        return redirect("/settings/channels/")
    return redirect("identity:profile")


@member_required
def profile(request: MemberRequest) -> HttpResponse:
    """Change one's name, signature and how the inbox calls."""
    membership = request.membership
    form = ProfileForm(
        request.POST or None,
        initial={
            "name": membership.user.name,
            "signature": membership.signature,
            "sound": membership.preferences.get("sound", True),
            "notifications": membership.preferences.get("notifications", False),
        },
    )
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        save_profile(membership=membership, name=facts["name"], signature=facts["signature"])
        save_preferences(
            membership=membership, sound=facts["sound"], notifications=facts["notifications"]
        )
        messages.success(request, "Your profile is saved.")
        return redirect("identity:profile")
    return render(request, "identity/profile.html", {"section": "profile", "form": form})
