"""Forms of people and the workspace. They say what to enter; services decide what may be."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from identity.hours import DAYS, InvalidHoursError
from identity.hours_in_words import LONG_DAYS, check_day
from identity.models import Evidence, Membership, Role, Team, User, Workspace
from identity.services.api_tokens import SCOPES

LANGUAGES = (
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ar", "العربية"),
)

#: Times in one day: enough for a morning and an afternoon.
INTERVALS = 2


def timezone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the time zones by continent, UTC first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones()):
        continent, slash, place = zone.partition("/")
        if slash and continent not in {"Etc", "SystemV", "posix", "right"}:
            groups.setdefault(continent, []).append((zone, place.replace("_", " ")))
    everywhere: list[tuple[str, list[tuple[str, str]]]] = [("Everywhere", [("UTC", "UTC")])]
    return everywhere + sorted(groups.items())


class SetUpForm(forms.Form):
    """The first page of an empty installation."""

    workspace = forms.CharField(
        label="Name of your shop or team", max_length=120, help_text="Customers see it in mails."
    )
    name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="Your e-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters. A sentence is good.",
    )
    timezone = forms.ChoiceField(label="Time zone", choices=timezone_choices, initial="UTC")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        person = User(email=data.get("email", ""), name=data.get("name", ""))
        _check_password(self, person)
        return data


class AcceptForm(forms.Form):
    """A new person's answer to an invitation; the address is the invitation's."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="Customers see it beside your answers.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters. A sentence is good.",
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        _check_password(self, User(email=self.email, name=data.get("name", "")))
        return data


class InviteForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        help_text="The link works for this address only.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "placeholder": "mara@shop.example"}),
    )
    role = forms.ChoiceField(
        label="Role",
        help_text="Owner: everything. Admin: all settings. Supervisor: teams and saved replies. "
        "Agent: answers customers. Viewer: reads.",
    )

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_up_to(by)  # type: ignore[attr-defined]
        self.fields["role"].initial = Role.AGENT


class TeamForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="For example Returns, or Evening shift.")
    members: "forms.ModelMultipleChoiceField[Membership]" = forms.ModelMultipleChoiceField(
        queryset=None,  # set for the open workspace below
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Members",
    )

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        if team is not None:
            kwargs.setdefault(
                "initial",
                {
                    "name": team.name,
                    "members": [one.membership_id for one in team.team_members.all()],
                },
            )
        super().__init__(*args, **kwargs)
        active = Membership.objects.filter(is_active=True).select_related("user")
        self.fields["members"].queryset = active.order_by("user__name")  # type: ignore[attr-defined]


class ProfileForm(forms.Form):
    name = forms.CharField(
        max_length=120,
        help_text="Customers see it beside your answers, in every workspace you work in.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    signature = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Put under your e-mail answers in this workspace. Chat has no signature.",
    )
    sound = forms.BooleanField(
        required=False, label="Sound", help_text="A short sound when a customer writes."
    )
    notifications = forms.BooleanField(
        required=False,
        label="Notifications",
        help_text="Show a message on this computer when a customer writes. "
        "Your browser asks for permission in the inbox.",
    )


class WorkspaceForm(forms.Form):
    name = forms.CharField(max_length=120, help_text="Customers see it in mails and in the chat.")
    timezone = forms.ChoiceField(
        label="Time zone", choices=timezone_choices, help_text="Your hours below are in this zone."
    )
    locale = forms.ChoiceField(
        label="Language",
        choices=LANGUAGES,
        help_text="The widget speaks it to visitors whose own is unknown.",
    )
    continuation_hours = forms.IntegerField(
        label="Same issue for",
        min_value=0,
        max_value=24 * 30,
        help_text="Hours. A known customer who writes on another channel within this time continues "
        "the open conversation. 0 switches that off. Most shops use 72.",
        error_messages={
            "min_value": "Enter 0 or more hours. Most shops use 72.",
            "max_value": "Enter at most 720 hours, which is 30 days.",
            "invalid": "Enter a whole number of hours, for example 72.",
        },
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "name": workspace.name,
                "timezone": workspace.timezone,
                "locale": workspace.locale,
                "continuation_hours": workspace.continuation_hours,
                **_initial_hours(workspace.hours),
            },
        )
        super().__init__(*args, **kwargs)
        for day, day_name in zip(DAYS, LONG_DAYS, strict=True):
            for number in range(INTERVALS):
                for edge in ("from", "to"):
                    self.fields[f"{day}_{number}_{edge}"] = forms.CharField(
                        required=False,
                        label=f"{day_name}, {'second time, ' if number else ''}{edge}",
                        widget=forms.TextInput(
                            attrs={"inputmode": "numeric", "maxlength": 5, "placeholder": "closed"}
                        ),
                    )

    def rows(self) -> list[dict[str, Any]]:
        """Return the week as the template draws it: a day, its fields, its error."""
        return [
            {
                "day": day,
                "name": day_name,
                "pairs": [
                    (self[f"{day}_{number}_from"], self[f"{day}_{number}_to"])
                    for number in range(INTERVALS)
                ],
                "errors": [
                    error
                    for number in range(INTERVALS)
                    for edge in ("from", "to")
                    for error in self[f"{day}_{number}_{edge}"].errors
                ],
            }
            for day, day_name in zip(DAYS, LONG_DAYS, strict=True)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["hours"] = {}
        for day in DAYS:
            intervals = self._intervals(day, data)
            if intervals is None:
                continue
            try:
                checked = check_day(intervals)
            except InvalidHoursError as error:
                self.add_error(f"{day}_0_from", str(error))
            else:
                if checked:
                    data["hours"][day] = checked
        return data

    def _intervals(self, day: str, data: dict[str, Any]) -> list[list[str]] | None:
        """Return the day's filled pairs, or None after complaining about a half-filled one."""
        found = []
        for number in range(INTERVALS):
            start = (data.get(f"{day}_{number}_from") or "").strip()
            end = (data.get(f"{day}_{number}_to") or "").strip()
            if start and end:
                found.append([start, end])
            elif start or end:
                self.add_error(
                    f"{day}_{number}_{'to' if start else 'from'}",
                    "Enter both times, or leave both empty for closed.",
                )
                return None
        return found


class ApiTokenForm(forms.Form):
    name = forms.CharField(
        max_length=80, help_text="What uses the key, for example Nightly export."
    )
    scope = forms.ChoiceField(
        label="It may",
        choices=(
            ("read", "Read only"),
            ("write", "Read, answer and change"),
            ("admin", "Everything, settings too"),
        ),
        initial="read",
        widget=forms.RadioSelect,
        help_text="Give the least that is enough. A key never may more than the person who made it.",
    )

    def scopes(self) -> list[str]:
        """Return the chosen scope and those it includes."""
        chosen = SCOPES.index(self.cleaned_data["scope"])
        return list(SCOPES[: chosen + 1])


def roles_up_to(by: Membership) -> list[tuple[str, str]]:
    """Return the roles this person may hand out."""
    return [(role.value, role.label) for role in Role if Role(by.role).at_least(role)]


def _initial_hours(week: dict[str, list[list[str]]]) -> dict[str, str]:
    found = {}
    for day, intervals in week.items():
        for number, (start, end) in enumerate(intervals[:INTERVALS]):
            found[f"{day}_{number}_from"] = start
            found[f"{day}_{number}_to"] = end
    return found


def _check_password(form: forms.Form, person: User) -> None:
    password = form.cleaned_data.get("password")
    if not password:
        return
    try:
        validate_password(password, person)
    except ValidationError as error:
        form.add_error("password", error)


class PrivacyForm(forms.Form):
    """Whom a request by hand is about. Erasing asks for the address once more."""

    EXPORT, ERASE = "export", "erase"

    email = forms.EmailField(
        label="E-mail address", required=False, help_text="As the customer wrote it to us."
    )
    phone = forms.RegexField(
        r"^\+[1-9]\d{6,14}$",
        label="Phone number",
        required=False,
        help_text="With the country's number: +4790000000.",
        error_messages={"invalid": "Write it with the country's number, like +4790000000."},
    )
    act = forms.ChoiceField(
        label="What to do",
        choices=[(EXPORT, "Make a copy of their data"), (ERASE, "Erase them for good")],
        initial=EXPORT,
        widget=forms.RadioSelect,
    )
    again = forms.CharField(
        label="To erase, type the address or number again",
        required=False,
        help_text="Conversations, files and the copy of the shop are gone at once. Nobody can undo it.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        email, phone = cleaned.get("email", ""), cleaned.get("phone", "")
        if not self.errors and not (email or phone):
            self.add_error("email", "Enter an e-mail address or a phone number.")
        if cleaned.get("act") == self.ERASE and not self.errors:
            typed = cleaned.get("again", "").strip().lower()
            if typed not in {email.lower(), phone} - {""}:
                self.add_error("again", "Type exactly the address or number that is to be erased.")
        return cleaned


class EvidenceForm(forms.Form):
    """What is enough to be told of one's orders; nothing a stranger could type is on by default."""

    accepted = forms.MultipleChoiceField(
        label="Enough to be told of one's orders",
        choices=Evidence.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Leave at least one, or nobody can be told of their order."},
    )
