"""Amounts of money: a decimal and its currency, never a float, never one without the other."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import total_ordering
from typing import Self

#: Digits after the point where they are not two (ISO 4217).
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
EXPONENTS = {**dict.fromkeys(_NONE.split(), 0), **dict.fromkeys(_THREE.split(), 3)}


class MoneyError(ValueError):
    """Not an amount, or two currencies in one sum."""


def exponent(currency: str) -> int:
    """Return how many digits after the point this currency has."""
    return EXPONENTS.get(currency, 2)


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class Money:
    """An amount, rounded half up to the digits its currency has."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isalpha():
            raise MoneyError(f"{self.currency!r} is not a currency code.")
        currency = self.currency.upper()
        try:
            amount = Decimal(self.amount)
            if not amount.is_finite():
                raise MoneyError(f"{self.amount!r} is not an amount.")
            step = Decimal(1).scaleb(-exponent(currency))
            amount = amount.quantize(step, rounding=ROUND_HALF_UP)
        except (InvalidOperation, TypeError, ValueError) as error:
            raise MoneyError(f"{self.amount!r} is not an amount.") from error
        # Negative zero compares equal and prints differently.
        object.__setattr__(self, "amount", amount + 0 if amount else abs(amount))
        object.__setattr__(self, "currency", currency)

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Self:
        """Return the amount read from text or a whole number. Raises MoneyError."""
        try:
            return cls(Decimal(amount), currency)
        except InvalidOperation as error:
            raise MoneyError(f"{amount!r} is not an amount.") from error

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nothing, in this currency."""
        return cls(Decimal(0), currency)

    @property
    def text(self) -> str:
        """Return the amount as a decimal string with the digits of its currency."""
        return f"{self.amount:f}"

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __add__(self, other: Self) -> Self:
        return type(self)(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.amount, self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.amount < self._same(other)

    def times(self, factor: int | Decimal) -> Self:
        """Return the amount multiplied, rounded to the currency."""
        return type(self)(self.amount * factor, self.currency)

    def to_json(self) -> dict[str, str]:
        """Return the form it is stored and told in."""
        return {"amount": self.text, "currency": self.currency}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Return what ``to_json`` wrote. Raises MoneyError."""
        if not isinstance(data, dict) or set(data) != {"amount", "currency"}:
            raise MoneyError("An amount has exactly the members amount and currency.")
        amount, currency = data["amount"], data["currency"]
        if not isinstance(amount, str) or not isinstance(currency, str):
            raise MoneyError("Amount and currency are texts.")
        return cls.of(amount, currency)

    def _same(self, other: Self) -> Decimal:
        if other.currency != self.currency:
            raise MoneyError(f"{self.currency} and {other.currency} do not add up.")
        return other.amount


def total(amounts: list[Money], currency: str) -> Money:
    """Return the sum, which is zero in ``currency`` for none."""
    found = Money.zero(currency)
    for amount in amounts:
        found += amount
    return found
