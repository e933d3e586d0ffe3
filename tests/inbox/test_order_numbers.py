# ruff: noqa: RUF001 - other scripts, on purpose
"""Order numbers in what people write: found, and nothing else taken for one."""

import json
import time

import pytest

from inbox.order_numbers import (
    Shape,
    find_bare_numbers,
    find_order_names,
    keys_of,
    order_in_field,
    speaks_of_an_order,
)
from tests.corpus import FIXTURES

FOUND = {
    "#1001": ["1001"],
    "order 1001": ["1001"],
    "Order #1001.": ["1001"],
    "Bestellung Nr. 1001": ["1001"],
    "Bestellnummer: 10405": ["10405"],
    "Bestell-Nr. 10405": ["10405"],
    "meine Bestellung 10405 storniert": ["10405"],
    "commande n° 1001": ["1001"],
    "ma commande numéro 1001": ["1001"],
    "numéro de commande : 10433": ["10433"],
    "pedido 1001": ["1001"],
    "pedido nº 1001": ["1001"],
    "número de pedido 1001": ["1001"],
    "mi pedido es el #1001": ["1001"],
    "ordrenummer 1050": ["1050"],
    "ordre nr. 1050": ["1050"],
    "order number is 1001": ["1001"],
    "my order no 1001, thanks": ["1001"],
    "orders 1001, 1002 and 1003": ["1001", "1002", "1003"],
    "#1001 and #1002": ["1001", "1002"],
    "(#1001)": ["1001"],
    "Order ID: 1001": ["1001"],
    "ORDER NR 1001": ["1001"],
    "#1001-R1": ["1001"],
    "#1001.1": ["1001"],
    "Auftragsnummer 1001": ["1001"],
    "tilaus 1001": ["1001"],
    "order #1001!": ["1001"],
    "order １００１": ["1001"],
    "رقم الطلب ١٠٠١": ["1001"],
    "zamówienie nr 1001": ["1001"],
    "Order:1001": ["1001"],
    "Order#1001": ["1001"],
    "bestelling 1001": ["1001"],
    "your order (1001)": ["1001"],
    "order “1001”": ["1001"],
    "L'ordine n. 1001": ["1001"],
    "Beställning 1001": ["1001"],
    "# 1001": ["1001"],
    "my order from 2025, number #1050": ["1050"],
    "order 1001 and invoice 2002": ["1001"],
}
OTHER_NUMBERS = [
    "call +49 171 1234567",
    "tel 0171 1234567",
    "it cost 1001 €",
    "I paid $1001.50",
    "order 1001 €",
    "ordered 500 pieces",
    "order 500 pcs",
    "on 2024-11-03",
    "order 2024-11-03",
    "03.11.2024",
    "tracking number #1234567",
    "tracking 00340434161094015902",
    "https://shop.example/orders/1001",
    "see shop.com/order/1001#1002",
    "mail order1001@example.com",
    "invoice #1001",
    "Rechnung #1001",
    "&#1001;",
    "[#1042] Re: hello",
    "color #112233",
    "article #1001",
    "order 12",
    "order 1001cm",
    "model #1001",
    "at 1001:30",
    "order at 10:30",
    "we are 1001 people",
    "order 01711234567",
    "IBAN DE89 3704 0044 0532 0130 00",
    "DHL 1234567890",
    "order 12345678901",
    "size 1001",
    "Room #101",
    "order within 1001 days",
    "order 500g",
    "order 1,001",
    "abc#1001def",
    "#100%",
    "ticket #1001",
    "order 250 ml",
    "Hausnummer 1001",
    "order placed 1001",
]
HOSTILE = [
    "numero " * 3000,
    "order no " * 2500,
    "1," * 10_000,
    "order 1001" + ", 1001" * 3000,
    "order" + " " * 19_000 + "1",
    "+1" * 10_000,
    "x@" * 10_000,
    "a-" * 10_000,
    "order " * 3000 + "1" * 20_000 + " #" * 9000,
]


def digits(text, shapes=()):
    return [one.digits for one in find_order_names(text, shapes)]


@pytest.mark.parametrize(("text", "found"), FOUND.items(), ids=list(FOUND))
def test_an_order_is_found_in(text, found):
    assert digits(text) == found


@pytest.mark.parametrize("text", OTHER_NUMBERS)
def test_no_order_is_found_in(text):
    assert digits(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("FM-1001-NO", ["FM-1001-NO"]),
        ("my fm-1001-no please", ["FM-1001-NO"]),
        ("#FM-1001-NO", ["FM-1001-NO"]),
        ("order 1001", ["#1001"]),
        ("XFM-1001-NO", []),
    ],
)
def test_the_letters_of_the_shop_belong_to_the_name(text, names):
    shapes = [Shape("FM-", "-NO"), Shape()]
    assert [one.name for one in find_order_names(text, shapes)] == names


def test_a_bare_number_is_printed_as_the_one_shop_prints_it():
    assert [one.name for one in find_order_names("order 1001", [Shape("FM-")])] == ["FM-1001"]


def test_a_number_is_looked_for_under_every_shops_form():
    assert keys_of("1001", [Shape(), Shape("FM-", "-NO")]) == ["1001", "fm-1001-no"]


def test_in_the_field_for_it_a_bare_number_is_an_order():
    assert [one.name for one in order_in_field(" 1050 ")] == ["#1050"]
    assert order_in_field("") == []


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Please change the boots in 10439 to size 39.", ["10439"]),
        ("hey where is my order? 10433", ["10433"]),
        ("in 2025 or at 10:30, 030 1234 5678, 99.95, 12 345", []),
    ],
)
def test_numbers_nothing_speaks_for_are_told_apart(text, bare):
    assert find_bare_numbers(text) == bare


def test_a_word_for_order_is_known_anywhere():
    assert speaks_of_an_order("Wo bleibt meine Bestellung?")
    assert not speaks_of_an_order("Do you ship to Berlin?")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_hostile_texts_take_no_time(text):
    begun = time.process_time()
    find_order_names(text)
    find_bare_numbers(text)
    assert time.process_time() - begun < 0.5


@pytest.mark.corpus
def test_the_labelled_messages_are_read_as_a_person_would():
    """Every order named with a word or a hash is found; what is found was written."""
    lines = (FIXTURES.parent / "ai_eval/messages.jsonl").read_text().splitlines()
    read = 0
    for message in map(json.loads, lines):
        text = f"{message.get('subject', '')}\n{message['text']}"
        wanted = str(message["expected"].get("order") or "").lstrip("#")
        found = digits(text) + find_bare_numbers(text)
        if wanted and wanted in text:
            read += 1
            assert wanted in found, text
    assert read >= 19
