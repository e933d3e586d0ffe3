"""Actions in a shop: what may be asked, and the shapes of ``inbox.api.shapes.money`` declared."""

from typing import Any

from rest_framework import serializers as s

from identity.commerce.requests import Kind
from identity.commerce.states import State
from inbox.api.serializers.answers import Named
from inbox.api.serializers.requests import PageParams
from inbox.api.serializers.shop import Amount

#: Texts and not enums: another kind breaks nobody's generated types.
KINDS = "One of " + ", ".join(Kind)
STATES = "One of " + ", ".join(State)


class NewAction(s.Serializer[Any]):
    """What is to be done. Which further members count depends on `kind`; others are ignored.

    refund: `lines[{line_id, quantity, restock: cancelled|returned|none}]`, `shipping` or
    `full_shipping`, `amount` (a lower one than calculated). cancel: `cancel_reason`
    (customer|stock|fraud|declined|staff|other; also accepted as `reason`), `refund`, `restock`,
    `note`. return: `lines[{line_id, quantity, reason, note}]`. exchange: the same and
    `replacements[{variant_id, quantity}]`. order_address, customer_address: `address{line1, line2,
    city, zip, province_code, country_code, first_name, last_name, phone}`. note: `note`. tags: `add`,
    `remove`. edit: `lines[{line_id, quantity}]`, `add[{variant_id, quantity}]`. reship:
    `lines[{line_id, quantity}]`. discount: `percent` or `amount`, `days`. gift_card: `amount`,
    `note`, `expires_on`. confirmation: `email`. Several also take `notify`.
    """

    kind = s.CharField(max_length=20, help_text=KINDS)
    order = s.UUIDField(required=False, default=None, allow_null=True)
    customer = s.UUIDField(
        required=False,
        default=None,
        allow_null=True,
        help_text="For actions about a customer; without it the order's.",
    )
    conversation = s.UUIDField(required=False, default=None, allow_null=True)
    reason = s.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=500,
        help_text="Why, in your words; stands in the conversation's story.",
    )

    def validate_kind(self, value: str) -> str:
        if value not in set(Kind):
            raise s.ValidationError(f"“{value}” is nothing that can be done.")
        return value


class ActionParams(PageParams):
    """Which actions."""

    conversation = s.UUIDField(required=False, default=None, allow_null=True)
    order = s.UUIDField(required=False, default=None, allow_null=True)
    state = s.CharField(required=False, default="", allow_blank=True, help_text=STATES)

    def validate_state(self, value: str) -> str:
        if value and value not in set(State):
            raise s.ValidationError(f"“{value}” is no state.")
        return value


class Decided(s.Serializer[Any]):
    """What an approver says."""

    decision = s.CharField(
        required=False, default="approve", help_text="approve (without it) or decline"
    )

    def validate_decision(self, value: str) -> str:
        if value not in {"approve", "decline"}:
            raise s.ValidationError("Say approve or decline.")
        return value

    reason = s.CharField(required=False, default="", allow_blank=True, max_length=500)


class Refused(s.Serializer[Any]):
    """Why not."""

    reason = s.CharField(required=False, default="", allow_blank=True, max_length=500)


class LabelledAmount(s.Serializer[Any]):
    label = s.CharField(allow_blank=True)  # type: ignore[assignment]  # a field called as DRF's property
    amount = Amount()


class ActionLine(s.Serializer[Any]):
    line_id = s.CharField()
    name = s.CharField(allow_blank=True)
    quantity = s.IntegerField()
    amount = Amount(allow_null=True)


class ActionChange(s.Serializer[Any]):
    """Something that looks different afterwards."""

    label = s.CharField()  # type: ignore[assignment]  # a field called as DRF's property
    before = s.CharField(allow_blank=True)
    after = s.CharField(allow_blank=True)


class ActionPreview(s.Serializer[Any]):
    """The shop's own calculation."""

    refund = Amount(allow_null=True, help_text="Goes back to the customer.")
    maximum = Amount(allow_null=True)
    due = Amount(allow_null=True, help_text="The customer owes it afterwards.")
    value = Amount(allow_null=True, help_text="What it costs without money moving.")
    breakdown = LabelledAmount(many=True)
    lines = ActionLine(many=True)
    ways = LabelledAmount(many=True)
    changes = ActionChange(many=True)
    warnings = s.ListField(child=s.CharField())


class ActionVerdict(s.Serializer[Any]):
    """What the shop's policy says, and which rule."""

    decision = s.CharField(help_text="allowed, needs_approval or refused")
    rule = s.CharField()
    sentence = s.CharField()
    limits = s.DictField(child=s.CharField())


class ActionOutcome(s.Serializer[Any]):
    """What was read back."""

    state = s.CharField(help_text="done, pending or failed")
    sentence = s.CharField()
    moved = Amount(allow_null=True)
    changes = ActionChange(many=True)
    references = s.DictField(child=s.CharField())


class MoneyActionShape(s.Serializer[Any]):
    """One thing to be done in a shop, at most once."""

    id = s.UUIDField()
    kind = s.CharField(help_text=KINDS)
    state = s.CharField(help_text=STATES)
    order = s.UUIDField(allow_null=True)
    order_name = s.CharField(allow_blank=True)
    conversation = s.UUIDField(allow_null=True)
    preview = ActionPreview()
    verdict = ActionVerdict()
    outcome = ActionOutcome(allow_null=True)
    sentence = s.CharField(allow_blank=True)
    reason = s.CharField(allow_blank=True)
    secrets = s.DictField(
        child=s.CharField(), help_text="Codes worth money; only for who asked for them."
    )
    requested_by = Named(allow_null=True)
    approved_by = Named(allow_null=True)
    approval_reason = s.CharField(allow_blank=True)
    created_at = s.DateTimeField()
    expires_at = s.DateTimeField()
    confirmed_at = s.DateTimeField(allow_null=True)
    settled_at = s.DateTimeField(allow_null=True)
    url = s.CharField(allow_null=True, help_text="Where a document that was made is fetched.")


class MoneyActionPage(s.Serializer[Any]):
    results = MoneyActionShape(many=True)
    next = s.CharField(allow_null=True)
