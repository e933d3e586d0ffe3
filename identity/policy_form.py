"""The form of the shop's policy: what a merchant decides, in their words."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from identity.commerce.plans import PLANS
from identity.commerce.policy_settings import Actor, Limit, PolicySettings
from identity.commerce.requests import CancelReason, Kind

#: Whose limits stand in the table, and what they are called there.
LIMITED = {
    Actor.OWNER: "Owners",
    Actor.ADMIN: "Admins",
    Actor.SUPERVISOR: "Supervisors",
    Actor.AGENT: "Agents",
    Actor.AI: "The assistant by itself",
    Actor.CUSTOMER: "Shoppers by themselves",
}
#: What could ever be left to shoppers and to the assistant.
BY_THEMSELVES = (Kind.CANCEL, Kind.RETURN, Kind.EXCHANGE, Kind.ORDER_ADDRESS)
BY_THE_ASSISTANT = (*BY_THEMSELVES, Kind.REFUND, Kind.DISCOUNT, Kind.CONFIRMATION)
ONCE = (Kind.EXCHANGE, Kind.EDIT, Kind.RETURN, Kind.RESHIP, Kind.REFUND)


def _kinds(kinds: tuple[Kind, ...]) -> list[tuple[str, str]]:
    return [(kind.value, PLANS[kind].noun) for kind in kinds]


def _days(help_text: str) -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=3650, help_text=help_text)


def _money(label: str = "", help_text: str = "", *, required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        min_value=0,
        max_digits=12,
        decimal_places=3,
        required=required,
        label=label,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


class PolicyForm(forms.Form):
    return_days = _days("Days after delivery in which something may come back. Most shops: 30.")
    exchange_days = _days("Days after delivery in which something may be exchanged.")
    transit_days = _days(
        "Where nobody tells when a parcel arrived, it counts as delivered this many days after it left."
    )
    cancel_hours = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=8760,
        label="Shoppers may cancel for",
        help_text="Hours after the order. Empty: as long as nothing was shipped. Agents always may.",
    )
    cancel_reasons = forms.MultipleChoiceField(
        required=False,
        choices=[(one.value, one.value.capitalize()) for one in CancelReason],
        widget=forms.CheckboxSelectMultiple,
        label="Reasons to cancel",
        help_text="Nothing ticked: any reason.",
    )
    final_sale_tags = forms.CharField(
        required=False,
        max_length=500,
        help_text="Product tags, with commas between them. What has one never comes back.",
    )
    final_sale_skus = forms.CharField(
        required=False,
        max_length=500,
        label="Final sale SKUs",
        help_text="Beginnings of SKUs, with commas between them.",
    )
    exchange_same_product = forms.BooleanField(
        required=False,
        label="Exchanges",
        help_text="Only for another variant of the same product.",
    )
    once_per_order = forms.MultipleChoiceField(
        required=False,
        choices=_kinds(ONCE),
        widget=forms.CheckboxSelectMultiple,
        help_text="What happens at most once on one order.",
    )
    customer_may = forms.MultipleChoiceField(
        required=False,
        choices=_kinds(BY_THEMSELVES),
        widget=forms.CheckboxSelectMultiple,
        label="Shoppers may by themselves",
    )
    customer_money_back = forms.BooleanField(
        required=False,
        label="Their own money",
        help_text="A shopper's cancellation or return gives back what they paid, whatever the limit.",
    )
    ai_may = forms.MultipleChoiceField(
        required=False,
        choices=_kinds(BY_THE_ASSISTANT),
        widget=forms.CheckboxSelectMultiple,
        label="The assistant may by itself",
        help_text="Within its limits below. What is not ticked waits for a person.",
    )
    discount_percent = forms.IntegerField(
        min_value=0,
        max_value=100,
        label="Discount codes up to",
        help_text="Per cent; more needs approval.",
    )
    discount_percent_most = forms.IntegerField(
        min_value=0, max_value=100, label="And never above", help_text="Per cent."
    )
    gift_card = _money("Gift cards up to", "In the store's currency; more needs approval.")
    gift_card_most = _money("And never above", "In the store's currency.")
    reship_needs_approval = forms.BooleanField(
        required=False, label="Sending again", help_text="Needs a supervisor's approval."
    )
    careful_with_disputes = forms.BooleanField(
        required=False,
        label="Disputes and risk",
        help_text="While a bank disputes a payment, or an order is high risk, agents ask first.",
    )
    comment = forms.CharField(
        required=False, max_length=200, help_text="Why it changes; stands in the history below."
    )

    def __init__(self, *args: Any, settings: PolicySettings, **kwargs: Any) -> None:
        self.before = settings
        kwargs.setdefault("initial", _initial(settings))
        super().__init__(*args, **kwargs)
        for actor, name in LIMITED.items():
            for what, words in (("action", "at once"), ("day", "in a day")):
                field = _money(f"{name}, {words}", required=False)
                self.fields[f"{actor}_{what}"] = field

    def limit_rows(self) -> list[dict[str, Any]]:
        """Return the limits as the template draws them."""
        return [
            {"name": name, "pair": (self[f"{actor}_action"], self[f"{actor}_day"])}
            for actor, name in LIMITED.items()
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for low, high in (
            ("discount_percent", "discount_percent_most"),
            ("gift_card", "gift_card_most"),
        ):
            first, second = data.get(low), data.get(high)
            if first is not None and second is not None and first > second:
                self.add_error(high, "Enter at least as much as what needs no approval.")
        return data

    def settings(self) -> PolicySettings:
        """Return what the form says; what it does not ask for stays as it was."""
        data = self.cleaned_data
        limits = {
            actor.value: Limit(data[f"{actor}_action"], data[f"{actor}_day"]) for actor in LIMITED
        }
        return replace(
            self.before,
            return_days=data["return_days"],
            exchange_days=data["exchange_days"],
            transit_days=data["transit_days"],
            cancel_hours=data["cancel_hours"],
            cancel_reasons=tuple(data["cancel_reasons"]),
            final_sale_tags=_words(data["final_sale_tags"]),
            final_sale_skus=_words(data["final_sale_skus"]),
            exchange_same_product=data["exchange_same_product"],
            once_per_order=tuple(Kind(one) for one in data["once_per_order"]),
            customer_may=tuple(Kind(one) for one in data["customer_may"]),
            customer_money_back=data["customer_money_back"],
            ai_may=tuple(Kind(one) for one in data["ai_may"]),
            discount_percent=data["discount_percent"],
            discount_percent_most=data["discount_percent_most"],
            gift_card=data["gift_card"],
            gift_card_most=data["gift_card_most"],
            reship_needs_approval=data["reship_needs_approval"],
            careful_with_disputes=data["careful_with_disputes"],
            limits={**self.before.limits, **limits},
        )


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _initial(settings: PolicySettings) -> dict[str, Any]:
    found: dict[str, Any] = settings.to_json()
    found["final_sale_tags"] = ", ".join(settings.final_sale_tags)
    found["final_sale_skus"] = ", ".join(settings.final_sale_skus)
    for actor in LIMITED:
        limit = settings.limit_of(actor)
        found[f"{actor}_action"] = _plain(limit.per_action)
        found[f"{actor}_day"] = _plain(limit.per_day)
    return found


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"
