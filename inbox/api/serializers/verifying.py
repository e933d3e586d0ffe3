"""One-time codes: what may be asked, and the answers, declared for the OpenAPI document."""

from typing import Any

from rest_framework import serializers as s


class CodeInput(s.Serializer[Any]):
    """Where the code goes; without it, to the best of the addresses offered."""

    to = s.CharField(required=False, default="", allow_blank=True, max_length=320)


class CodeTarget(s.Serializer[Any]):
    """An address a code may go to."""

    kind = s.ChoiceField(["email", "phone"])
    value = s.CharField()
    because = s.CharField()


class WaitingCode(s.Serializer[Any]):
    """A code that was sent and not typed yet."""

    sent_to = s.CharField(help_text="As the customer may see it: d…@c….test")
    expires_at = s.DateTimeField()
    attempts_left = s.IntegerField()


class Verification(s.Serializer[Any]):
    """Whether the customer may be told of orders here, why, and what would prove it."""

    verified = s.BooleanField()
    because = s.CharField()
    targets = CodeTarget(many=True)
    waiting = WaitingCode(allow_null=True)
