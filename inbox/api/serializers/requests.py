"""What may be asked: query parameters and bodies, checked once, here."""

from typing import Any

from rest_framework import serializers as s

from inbox.models import Priority, Status
from inbox.rest.paging import DEFAULT_LIMIT, MAX_LIMIT

SORTS = ("newest", "waiting", "sla")
#: Characters; channels have smaller limits of their own.
LONGEST_BODY = 500_000


class Limit(s.IntegerField):
    """How many rows; more than the most is the most."""

    def to_internal_value(self, data: Any) -> int:
        return min(super().to_internal_value(data), MAX_LIMIT)


class PageParams(s.Serializer[Any]):
    """What every list takes."""

    cursor = s.CharField(required=False, default="", allow_blank=True, max_length=500)
    limit = Limit(required=False, default=DEFAULT_LIMIT, min_value=1)


class ConversationParams(PageParams):
    """What the list of conversations takes."""

    status = s.CharField(
        required=False,
        default="",
        allow_blank=True,
        help_text="One or several, by comma. Without it: all but spam and trash.",
    )
    channel = s.CharField(
        required=False, default="", allow_blank=True, help_text="Ids or kinds, by comma."
    )
    assignee = s.CharField(
        required=False, default="", allow_blank=True, help_text="`me`, `none` or a member's id."
    )
    team = s.CharField(
        required=False, default="", allow_blank=True, help_text="`none` or a team's id."
    )
    tag = s.CharField(required=False, default="", allow_blank=True, max_length=60)
    q = s.CharField(
        required=False, default="", allow_blank=True, max_length=500, trim_whitespace=False
    )
    sort = s.ChoiceField(SORTS, required=False, default="newest")

    def validate_status(self, value: str) -> tuple[str, ...]:
        statuses = tuple(one.strip() for one in value.split(",") if one.strip())
        unknown = [one for one in statuses if one not in Status.values]
        if unknown:
            raise s.ValidationError(f"“{unknown[0]}” is no status.")
        return tuple(dict.fromkeys(statuses))

    def validate_channel(self, value: str) -> tuple[str, ...]:
        return tuple(one.strip() for one in value.split(",") if one.strip())

    def validate_assignee(self, value: str) -> str:
        return value if value in {"", "me", "none"} else _uuid(value)

    def validate_team(self, value: str) -> str:
        return value if value in {"", "none"} else _uuid(value)


class SearchParams(PageParams):
    """What search takes."""

    q = s.CharField(
        required=False, default="", allow_blank=True, max_length=500, trim_whitespace=False
    )


class MessageParams(s.Serializer[Any]):
    """Which part of a thread. Without a bound: the newest page."""

    before_seq = s.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    after_seq = s.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    limit = Limit(required=False, default=DEFAULT_LIMIT, min_value=1)
    cursor = s.CharField(required=False, default="", allow_blank=True, max_length=500)
    provider_id = s.CharField(required=False, default="", allow_blank=True, max_length=998)
    images = s.BooleanField(
        required=False, default=False, help_text="Load remote pictures, through our own address."
    )


class NewConversation(s.Serializer[Any]):
    """The first message to somebody."""

    channel = s.UUIDField()
    to = s.CharField(max_length=320)
    subject = s.CharField(required=False, default="", allow_blank=True, max_length=500)
    body = s.CharField(max_length=LONGEST_BODY, trim_whitespace=False)
    attachments = s.ListField(child=s.UUIDField(), required=False, max_length=50)
    send_at = s.DateTimeField(required=False, allow_null=True, default=None)


class ConversationPatch(s.Serializer[Any]):
    """What changes; everything else stays."""

    status = s.ChoiceField(Status.choices, required=False)
    assignee = s.UUIDField(required=False, allow_null=True)
    team = s.UUIDField(required=False, allow_null=True)
    priority = s.ChoiceField(Priority.choices, required=False)
    topic = s.CharField(required=False, allow_null=True, allow_blank=True, max_length=40)
    outcome = s.CharField(required=False, allow_null=True, allow_blank=True, max_length=40)
    tags = s.ListField(child=s.CharField(max_length=60), required=False, max_length=50)
    snoozed_until = s.DateTimeField(required=False, allow_null=True)
    subject = s.CharField(required=False, allow_blank=True, max_length=500)


class NewMessage(s.Serializer[Any]):
    """A reply, or with ``private`` a note."""

    body = s.CharField(allow_blank=True, max_length=LONGEST_BODY, trim_whitespace=False)
    channel = s.UUIDField(required=False, allow_null=True, default=None)
    private = s.BooleanField(required=False, default=False)
    send_at = s.DateTimeField(required=False, allow_null=True, default=None)
    to = s.ListField(child=s.CharField(max_length=320), required=False, max_length=50)
    cc = s.ListField(child=s.CharField(max_length=320), required=False, max_length=50)
    bcc = s.ListField(child=s.CharField(max_length=320), required=False, max_length=50)
    subject = s.CharField(required=False, default="", allow_blank=True, max_length=500)
    attachments = s.ListField(child=s.UUIDField(), required=False, max_length=50)
    client_id = s.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Yours; the same one twice is the same message.",
    )
    seen_seq = s.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=2**31 - 1,
        help_text="The last message you saw: refused when the customer wrote after it.",
    )


class ReadUpTo(s.Serializer[Any]):
    """How far you have read."""

    seq = s.IntegerField(min_value=0, max_value=2**31 - 1)


class DraftInput(s.Serializer[Any]):
    """What you have typed; an empty body forgets the draft."""

    mode = s.ChoiceField(["reply", "note"])
    body = s.CharField(allow_blank=True, max_length=100_000, trim_whitespace=False)


class ForwardInput(s.Serializer[Any]):
    """A message to somebody outside."""

    to = s.ListField(child=s.CharField(max_length=320), min_length=1, max_length=50)
    body = s.CharField(allow_blank=True, max_length=LONGEST_BODY, trim_whitespace=False)
    message = s.UUIDField(
        required=False, allow_null=True, default=None, help_text="Without it: the last one."
    )


class ContactPatch(s.Serializer[Any]):
    """What changes about a contact."""

    name = s.CharField(required=False, allow_blank=True, max_length=200)
    notes = s.CharField(required=False, allow_blank=True, max_length=20_000)


class Upload(s.Serializer[Any]):
    """A file, as multipart form data."""

    file = s.FileField()


def _uuid(value: str) -> str:
    return str(s.UUIDField().to_internal_value(value))
