"""One merchant account: the tenant."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from helpdesk.foundation.ids import uuid7


def weekdays_nine_to_five() -> dict[str, list[list[str]]]:
    """Return the default week: Monday to Friday, 09:00 to 17:00 local time; ``mon`` … ``sun``."""
    return {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


class Evidence(models.TextChoices):
    """What may prove that an address is the person's who speaks to us (ID-2)."""

    CODE = "code", "A one-time code was entered"
    SHOP = "shop", "Signed in at the shop"
    MAIL = "mail", "Mail from the address, DMARC passed"
    CARRIER = "carrier", "The carrier or app vouches for the number"
    COLLEAGUE = "colleague", "A colleague checked it"
    ORDER = "order", "They named the order and its e-mail address"


def strict_evidence() -> list[str]:
    """Return what is accepted by default: nothing that somebody else could have typed or known."""
    return [Evidence.CODE, Evidence.SHOP, Evidence.MAIL, Evidence.CARRIER]


class Workspace(models.Model):
    """Global on purpose: a request has to read it before it can know its scope."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    timezone = models.CharField(max_length=60, default="UTC")
    locale = models.CharField(max_length=12, default="en")
    #: Weekly schedule in local time: ``{"mon": [["09:00", "12:00"], …], …}``; a missing day is closed.
    hours = models.JSONField(default=weekdays_nine_to_five)
    #: How long a customer's open issue is continued from another channel, in hours; 0 = never.
    continuation_hours = models.PositiveSmallIntegerField(default=72)
    #: Which ``Evidence`` is enough to be told of one's orders.
    accepted_evidence = ArrayField(
        models.CharField(max_length=12, choices=Evidence.choices), default=strict_evidence
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
