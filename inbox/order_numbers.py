"""Finding order numbers in what people write (SH-2, ID-1): pure, and wary of other numbers.

A number is taken for an order's when one of three things says so: a hash ("#1001"), a word for order
before it ("Bestellung Nr. 1001", "commande n° 1001"), or the letters the shop itself puts round its
numbers ("FM-1001-NO"). Phone numbers, prices, dates, tracking numbers, links and addresses are none.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

#: Characters read; order numbers stand at the beginning of what people write.
LONGEST_TEXT = 20_000
#: Found numbers kept of one text; a list of more is a report.
MOST = 10

#: Words for an order, in the languages shoppers write, without accents. Longest forms first.
_WORDS = (
    r"orders?|ord|purchase|bestellungen|bestellung|bestell|auftrag|auftrags|commandes?|cmde?|achat"
    r"|pedidos?|compra|encomenda|orden|ordini|ordine|bestelling(?:en)?|bestel|ordrer?|bestilling(?:er)?"
    r"|bestillings|ordre|bestallning(?:en|ar)?|bestallnings|tilaus|tilauksen|zamowieni[ea]|zamowieniu"
    r"|zakaz[au]?|заказ[ау]?|objednavk[ay]|رقم الطلب|الطلبيه|الطلب|طلبي|طلب"  # noqa: RUF001
)
#: What may stand between the word and the number: "no.", "Nr.", "n°", "number", "ID", "is", a colon.
_BETWEEN = (
    r"(?:s?[ -]?(?:numbers?|nummer|numero|numeros|num|nbr|nro|nr|no|n[o°º]|n|id|ref(?:erence)?|code|رقم)"
    r"(?![a-z])\.?)?"
    r"(?:\s{0,3}(?:is|was|lautet|ist|war|es|est|er|:|=|-|–))?\s{0,3}[\"'“(\[]?"
)
#: Turned round: "número de pedido 1001", "numéro de commande : 1001", "nr zamówienia 1001".
_TURNED = r"(?:numero|num|nro|nr|no|n[o°º]|ref(?:erence)?|number)\.?\s{1,3}(?:of |de |del |d'|di |da )?(?:(?:la|el|my|meiner|ma|mi|the|your)\s)?"
_DIGITS = r"\d{3,10}"
#: Not the tail of a longer thing, and not followed by what makes it a price, date, time or measure.
_END = (
    r"(?![\w])(?![.,:/]\d)(?![-–]\d{2}[-–]\d)(?!\s?(?:€|\$|£|%|°|eur|usd|gbp|nok|sek|dkk|kr|euros?|"
    r"dollars?|pcs|pieces|stuck|st|cm|mm|km|kg|g|ml|gb|days?|tage|jours|dias|hours?|items?|am|pm|uhr"
    r")(?![\w]))"
)
#: Words that make "#1001" something else.
_NOT_BEFORE = re.compile(
    r"(?:invoice|rechnung|facture|factura|tracking|sendung|suivi|seguimiento|parcel|paquete?|ticket|case"
    r"|sku|item|article|artikel|style|model+o?|coupon|discount|room|suite|apt|apartment|unit|flat|colou?r"
    r"|farbe|size|groesse|page|step|question|part|line|flight|gift card|voucher|iban|po|channel"
    r"|conversation|chat|top|rank|class|exit|gate|box|lot|locker)s?"
    r"(?:[ -]?(?:number|nummer|numero|code|id|nr|no|n°))?\.?\s?[:=]?\s?[\"'(]?$"
)
_MASKED = re.compile(
    r"[a-z][a-z0-9+.-]{1,11}://[^\s<>\"]+|www\.[^\s<>\"]+|[^\s@<>\"]{1,64}@[^\s@<>\"]{1,255}"
    r"|\b[a-z0-9-]{1,63}\.(?:com|net|org|shop|store|example|io|co|de|fr|es|it|nl|no|se|dk|eu|uk)/[^\s<>\"]*"
    # Our own mark in subjects, numeric HTML entities, and phone numbers with a plus.
    r"|\[#\s?\d{1,15}\]|&#\d{1,7};|\+\d[\d ()./-]{5,20}"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a shop prints before and after an order's number, such as "#" and "" or "FM-" and "-NO"."""

    prefix: str = "#"
    suffix: str = ""


PLAIN = Shape()


@dataclass(frozen=True, slots=True)
class Spoken:
    """An order somebody speaks of: ``name`` as the shop would print it, ``digits`` its number."""

    name: str
    digits: str


def find_order_names(text: str, shapes: Sequence[Shape] = ()) -> list[Spoken]:
    """Return the orders a text speaks of, in its order, each once."""
    if not any(character.isdigit() for character in text[:LONGEST_TEXT]):
        return []
    known = tuple(dict.fromkeys(shapes)) or (PLAIN,)
    found: dict[str, tuple[int, Spoken]] = {}
    for at, spoken in _all(_plain(text), known):
        earlier = found.get(spoken.digits)
        if earlier is None or at < earlier[0]:
            found[spoken.digits] = (at, spoken)
    in_order = sorted(found.values(), key=lambda pair: pair[0])
    return [spoken for _, spoken in in_order[:MOST]]


def find_bare_numbers(text: str) -> list[str]:
    """Return numbers that nothing speaks for: worth a look whether the shop has such an order."""
    plain = _plain(text)
    return list(dict.fromkeys(match.group("digits") for match in _BARE.finditer(plain)))[:MOST]


def speaks_of_an_order(text: str) -> bool:
    """Say whether a word for order stands anywhere in a text."""
    return _WORD.search(_plain(text)) is not None


def order_in_field(value: str, shapes: Sequence[Shape] = ()) -> list[Spoken]:
    """Return what stands in a field that asks for an order number: there a bare number is one."""
    return find_order_names(f"order {value.strip()[:60]}", shapes) if value.strip() else []


def keys_of(digits: str, shapes: Sequence[Shape]) -> list[str]:
    """Return every form in which shops may keep this number, as ``order_name_key`` writes them."""
    forms = [digits, *(f"{shape.prefix}{digits}{shape.suffix}" for shape in shapes)]
    return list(dict.fromkeys("".join(form.split()).lstrip("#").casefold() for form in forms))


def _all(text: str, shapes: tuple[Shape, ...]) -> Iterator[tuple[int, Spoken]]:
    for pattern in (_hashed(shapes), _cued(shapes)):
        for match in pattern.finditer(text):
            at = match.start("digits")
            if "hash" in match.groupdict() and _NOT_BEFORE.search(text[: match.start()][-40:]):
                continue
            yield at, _named(match.group("digits"), match, shapes)
            yield from _listed(text, match.end(), shapes)
    for shape in shapes:
        if _lettered(shape):
            for match in _of_shape(shape).finditer(text):
                digits = match.group("digits")
                yield match.start("digits"), Spoken(_print(shape, digits), digits)


def _listed(text: str, at: int, shapes: Sequence[Shape]) -> Iterator[tuple[int, Spoken]]:
    """Go on through "1001, 1002 and 1003"."""
    while match := _AND_ANOTHER.match(text, at):
        yield match.start("digits"), _named(match.group("digits"), match, shapes)
        at = match.end()


def _named(digits: str, match: re.Match[str], shapes: Sequence[Shape]) -> Spoken:
    """Print it as the shop whose letters stand there would; plainly where none do."""
    before = match.groupdict().get("letters") or ""
    after = match.groupdict().get("tail") or ""
    for shape in shapes:
        if (fold(shape.prefix).lstrip("#"), fold(shape.suffix)) == (before, after):
            return Spoken(_print(shape, digits), digits)
    return Spoken(_print(shapes[0] if len(shapes) == 1 else PLAIN, digits), digits)


def _print(shape: Shape, digits: str) -> str:
    return f"{shape.prefix}{digits}{shape.suffix}".strip()


def _lettered(shape: Shape) -> bool:
    """Say whether the shop's own letters are enough to know its numbers by."""
    return sum(character.isalpha() for character in shape.prefix + shape.suffix) >= 2


def _letters(shapes: Sequence[Shape]) -> tuple[str, str]:
    prefixes = {re.escape(fold(one.prefix).lstrip("#")) for one in shapes} - {""}
    suffixes = {re.escape(fold(one.suffix)) for one in shapes} - {""}
    before = f"(?P<letters>{'|'.join(sorted(prefixes))})?" if prefixes else "(?P<letters>(?!))?"
    after = f"(?P<tail>{'|'.join(sorted(suffixes))})?" if suffixes else "(?P<tail>(?!))?"
    return before, after


#: Shopify names a parcel "#1001.1" or "#1001-F1" and a return "#1001-R1": the order is #1001.
_PART = r"(?:\.[1-9]\d?|-[frd]\d{1,2})?"


@lru_cache(maxsize=64)
def _hashed(shapes: tuple[Shape, ...]) -> re.Pattern[str]:
    before, after = _letters(shapes)
    return re.compile(
        rf"(?<![\w/&#])(?P<hash>#)\s?{before}(?!0)(?P<digits>{_DIGITS}){after}{_PART}{_END}"
    )


@lru_cache(maxsize=64)
def _cued(shapes: tuple[Shape, ...]) -> re.Pattern[str]:
    before, after = _letters(shapes)
    return re.compile(
        rf"(?<!\w)(?:{_TURNED})?(?:{_WORDS}){_BETWEEN}#?\s?{before}(?!0)(?P<digits>{_DIGITS})"
        rf"{after}{_PART}{_END}"
    )


@lru_cache(maxsize=64)
def _of_shape(shape: Shape) -> re.Pattern[str]:
    prefix, suffix = re.escape(fold(shape.prefix).lstrip("#")), re.escape(fold(shape.suffix))
    return re.compile(rf"(?<![\w/-])#?{prefix}(?P<digits>{_DIGITS}){suffix}(?![\w-])")


_AND_ANOTHER = re.compile(
    rf"\s{{0,2}}(?:,|&|\+|/|and|und|et|y|e|og|och|en|or|oder|ou|o)\s{{0,2}}(?:,\s)?#?(?!0)"
    rf"(?P<digits>\d{{3,10}}){_END}"
)


#: Four to eight digits by themselves: not part of a longer number, and no year.
_BARE = re.compile(
    rf"(?<![\w.,:/#+€$£-])(?<!\d\s)(?!0|19\d\d\b|20\d\d\b)(?P<digits>\d{{4,8}}){_END}(?!\s\d)"
)
_WORD = re.compile(rf"(?<!\w)(?:{_WORDS})(?:s?nummer|number)?(?!\w)")


def fold(text: str) -> str:
    """Return text without accents and case."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def _plain(text: str) -> str:
    """Return folded text with plain digits, and nothing in it that only looks like a number."""
    folded = fold(text[:LONGEST_TEXT]).replace("ß", "ss")
    digits = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in folded
    )
    return _MASKED.sub(lambda match: " " * len(match.group()), digits)
