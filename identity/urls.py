"""People's pages. allauth's own addresses stay under /accounts/; some of them we answer ourselves."""

from django.urls import include, path
from django.views.generic import RedirectView

from identity.views import entrance, members, policies, privacy, profile, teams, tokens, workspace

pages = (
    [
        path("members/", members.member_list, name="members"),
        path("members/<uuid:pk>/role/", members.role, name="member_role"),
        path("members/<uuid:pk>/deactivation/", members.deactivation, name="member_deactivation"),
        path("members/<uuid:pk>/reactivation/", members.reactivation, name="member_reactivation"),
        path(
            "invitations/<uuid:pk>/renewal/",
            members.invitation_renewal,
            name="invitation_renewal",
        ),
        path(
            "invitations/<uuid:pk>/revocation/",
            members.invitation_revocation,
            name="invitation_revocation",
        ),
        path("teams/", teams.team_list, name="teams"),
        path("teams/new/", teams.team_new, name="team_new"),
        path("teams/<uuid:pk>/", teams.team_edit, name="team"),
        path("teams/<uuid:pk>/deletion/", teams.team_deletion, name="team_deletion"),
        path("workspace/", workspace.workspace_page, name="workspace"),
        path("workspace/hours-preview/", workspace.hours_preview, name="hours_preview"),
        path("policies/", policies.policies_page, name="policies"),
        path("policies/dry-run/", policies.policies_dry_run, name="policies_dry_run"),
        path("profile/", profile.profile, name="profile"),
        path("api-keys/", tokens.token_list, name="tokens"),
        path("privacy/", privacy.privacy_page, name="privacy"),
        path("privacy/evidence/", privacy.evidence, name="privacy_evidence"),
        path("privacy/<uuid:pk>/copy/", privacy.privacy_copy, name="privacy_copy"),
        path("api-keys/<uuid:pk>/revocation/", tokens.token_revocation, name="token_revocation"),
    ],
    "identity",
)

to_profile = RedirectView.as_view(url="/settings/profile/")

urlpatterns = [
    path("welcome/", entrance.first_run, name="first_run"),
    path("sign-in/<str:token>/", entrance.sign_in_link, name="sign_in_link"),
    path("invitations/<str:key>/", entrance.accept, name="accept_invitation"),
    path(
        "workspaces/<uuid:workspace_id>/switch/",
        entrance.switch_workspace,
        name="switch_workspace",
    ),
    path("settings/", profile.settings_home, name="settings"),
    path("settings/", include(pages)),
    path("accounts/login/", entrance.sign_in, name="account_login"),
    # An address is proven by its invitation and is nobody's to change here; a password always exists.
    path("accounts/email/", to_profile, name="account_email"),
    path("accounts/confirm-email/", to_profile, name="account_email_verification_sent"),
    path("accounts/confirm-email/<str:key>/", to_profile, name="account_confirm_email"),
    path("accounts/password/set/", to_profile, name="account_set_password"),
    path("accounts/", include("allauth.urls")),
]
