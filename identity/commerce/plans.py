"""How each kind of action is carried out: its remote steps, and what may be repeated.

One table, read by the state machine, the policy and the tests: a new kind or step that is missing
somewhere makes a test fail.
"""

from dataclasses import dataclass
from enum import StrEnum

from identity.commerce.requests import Kind


class Repeat(StrEnum):
    """What to do about a step whose answer was lost."""

    #: The shop knows the key, or the same again changes nothing: look, then repeat at once.
    SAFE = "safe"
    #: Look; if it is not there after a quiet time, when nothing can be under way, repeat.
    AFTER_LOOK = "after_look"
    #: Can be neither looked for nor repeated: a person is told.
    NEVER = "never"


class Subject(StrEnum):
    """What an action is about; also what its lock is over."""

    ORDER = "order"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class RemoteStep:
    """One call that changes something at the shop."""

    name: str
    repeat: Repeat


@dataclass(frozen=True, slots=True)
class Plan:
    """The remote steps of a kind, in order."""

    steps: tuple[RemoteStep, ...]
    subject: Subject = Subject.ORDER
    #: Money, goods or their worth leave the shop: nothing at the order may have changed since the
    #: preview, and limits apply.
    moves_value: bool = True
    #: In words: "refund of 20.00 EUR on #1001".
    noun: str = ""


PLANS: dict[Kind, Plan] = {
    Kind.REFUND: Plan((RemoteStep("refund", Repeat.SAFE),), noun="Refund"),
    Kind.CANCEL: Plan((RemoteStep("cancel", Repeat.AFTER_LOOK),), noun="Cancellation"),
    Kind.RETURN: Plan((RemoteStep("return", Repeat.AFTER_LOOK),), noun="Return"),
    Kind.EXCHANGE: Plan((RemoteStep("exchange", Repeat.AFTER_LOOK),), noun="Exchange"),
    Kind.EDIT: Plan((RemoteStep("edit", Repeat.AFTER_LOOK),), noun="Change of items"),
    # A draft charges and ships nothing: one too many is litter. Completing one twice is refused.
    Kind.RESHIP: Plan(
        (RemoteStep("draft", Repeat.SAFE), RemoteStep("complete", Repeat.SAFE)), noun="Reshipment"
    ),
    # The code is made from the key: the shop refuses it a second time.
    Kind.DISCOUNT: Plan(
        (RemoteStep("code", Repeat.SAFE),), subject=Subject.CUSTOMER, noun="Discount code"
    ),
    Kind.GIFT_CARD: Plan(
        (RemoteStep("card", Repeat.SAFE),), subject=Subject.CUSTOMER, noun="Gift card"
    ),
    Kind.ORDER_ADDRESS: Plan(
        (RemoteStep("order_address", Repeat.SAFE),), moves_value=False, noun="Shipping address"
    ),
    Kind.CUSTOMER_ADDRESS: Plan(
        (RemoteStep("customer_address", Repeat.SAFE),),
        subject=Subject.CUSTOMER,
        moves_value=False,
        noun="Customer's address",
    ),
    Kind.NOTE: Plan((RemoteStep("note", Repeat.SAFE),), moves_value=False, noun="Order note"),
    Kind.TAGS: Plan(
        (RemoteStep("tags_add", Repeat.SAFE), RemoteStep("tags_remove", Repeat.SAFE)),
        moves_value=False,
        noun="Order tags",
    ),
    Kind.CONFIRMATION: Plan(
        (RemoteStep("mail", Repeat.NEVER),), moves_value=False, noun="Order confirmation"
    ),
    Kind.INVOICE: Plan((), moves_value=False, noun="Invoice"),
}
