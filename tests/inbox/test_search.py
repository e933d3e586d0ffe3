"""What people type into the search box, and what they find."""

import pytest

from identity.models import Team
from identity.tenancy import tenant_scope
from inbox.search.grammar import Filter, Query, Term, parse
from inbox.search.snippets import Piece, snippet
from inbox.services.conversations import change_conversation, mark_read
from inbox.services.receiving import IncomingFile
from inbox.services.sending import send
from tests.factories.inbox import receive_chat, receive_mail


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("pole", Query((Term("pole", prefix=True),))),
        ("pole ", Query((Term("pole"),))),
        ("bent pole", Query((Term("bent"), Term("pole", prefix=True)))),
        ('"bent pole"', Query((Term("bent pole"),))),
        ('"bent po', Query((Term("bent po"),))),
        ("#1042", Query(numbers=(1042,))),
        ("[#1042] pole ", Query((Term("pole"),), numbers=(1042,))),
        ("channel:email", Query(filters=(Filter("channel", "email"),))),
        ("IS:Open", Query(filters=(Filter("is", "Open"),))),
        ('from:"Jane Doe"', Query(filters=(Filter("from", "Jane Doe"),))),
        ("order:#1001", Query(filters=(Filter("order", "#1001"),))),
        ("from:", Query()),
        ("https://shop.test/a", Query((Term("https://shop.test/a", prefix=True),))),
        ("re:zero ", Query((Term("re:zero"),))),
        ('""', Query()),
        ("a\x00b", Query((Term("a"), Term("b", prefix=True)))),
    ],
)
def test_a_search_text_is_understood(text, query):
    assert parse(text) == query


def test_a_thousand_words_are_cut():
    assert len(parse("word " * 1000).terms) == 12


def test_a_snippet_shows_the_words_around_the_hit():
    text = "Dear team, " + "padding " * 30 + "the Pôle is bent. " + "more " * 60
    pieces = snippet(text, ["pole"])
    assert Piece("Pôle", True) in pieces
    assert pieces[0].text == "… "
    assert pieces[-1].text == " …"
    assert len("".join(piece.text for piece in pieces)) < 230


def test_a_text_without_a_hit_shows_its_beginning():
    assert snippet("short text", ["pole"]) == [Piece("short text", False)]


@pytest.fixture
def stories(ana, ben, mail, chat):
    """Five conversations, each about something of its own."""
    told = {
        "tent": receive_mail(
            mail,
            subject="Bent tent pole",
            text="The Zelt-Stange of order #1001 is bent. Ärgerlich!",
            files=[IncomingFile("invoice-77.pdf", "application/pdf", b"%PDF-1.4")],
        ),
        "stove": receive_mail(
            mail,
            sender_name="Zoë Åström",
            sender_value="zoe@north.test",
            subject="Stove",
            text="Does the stove burn spirit? See https://shop.test/stove",
        ),
        "chat": receive_chat(chat, text="Is the tent waterproof?"),
        "old": receive_mail(
            mail,
            sender_name="Olga",
            sender_value="old@customer.test",
            subject="Boots",
            text="Boots wet",
        ),
        "junk": receive_mail(
            mail, sender_value="junk@spam.test", subject="Tents cheap", text="tent", spam=True
        ),
    }
    with tenant_scope(ben.workspace_id):
        team = Team.objects.create(name="Night shift")
        change_conversation(
            conversation=told["old"].conversation,
            by=ben,
            changes={"status": "closed", "tags": ["vip"], "team": team},
        )
        change_conversation(
            conversation=told["stove"].conversation, by=ben, changes={"assignee": ben}
        )
        send(conversation=told["stove"].conversation, author=ben, body_text="Yes, spirit works.")
        mark_read(conversation=told["stove"].conversation, membership=ben, seq=2)
    return {name: str(one.conversation.pk) for name, one in told.items()} | {
        "stove_number": told["stove"].conversation.number
    }


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("tent", {"tent", "chat"}),
        ("TENT", {"tent", "chat"}),
        ("ten", {"tent", "chat"}),
        ("ten ", set()),
        ("ärgerlich", {"tent"}),
        ("argerlich", {"tent"}),
        ("stange", {"tent"}),
        ("zelt-stange", {"tent"}),
        ("tent waterproof", {"chat"}),
        ('"tent pole"', {"tent"}),
        ('"pole tent"', set()),
        ("invoice-77", {"tent"}),
        ("zoe", {"stove"}),
        ("zoe@north.test", {"stove"}),
        ("zoe@nor", {"stove"}),
        ("shop.test", {"stove"}),
        ("from:zoe", {"stove"}),
        ("from:ben", {"stove"}),
        ("from:zoe@north.test spirit", {"stove"}),
        ("from:dana", {"tent", "chat"}),
        ("order:#1001", {"tent"}),
        ("#1001", {"tent"}),
        ("channel:chat", {"chat"}),
        ("channel:email tent", {"tent"}),
        ('channel:"shop chat"', {"chat"}),
        ("is:closed", {"old"}),
        ("boots", {"old"}),
        ("is:open boots", set()),
        ("is:spam tent", {"junk"}),
        ("assignee:me", {"stove"}),
        ("assignee:ben", {"stove"}),
        ("assignee:none tent", {"tent", "chat"}),
        ("is:unassigned is:open", {"tent", "chat"}),
        ("is:mine", {"stove"}),
        ("is:unread tent", {"tent", "chat"}),
        ("is:unread spirit", set()),
        ("tag:VIP", {"old"}),
        ("team:night", {"old"}),
        ("&&& !!!", set()),
        ("tent & !pole | (", {"tent"}),
        ("a'b\\c :*", set()),
    ],
)
def test_the_list_and_the_search_find_the_same(ben, stories, as_person, q, found):
    person = as_person(ben)
    wanted = {stories[name] for name in found}
    for path in ("conversations", "search"):
        answer = person.get(path, q=q)
        assert answer.status_code == 200, answer.content
        assert {row["id"] for row in answer.json()["results"]} == wanted, path


def test_a_conversation_is_found_by_its_number(ben, stories, as_person):
    answer = as_person(ben).get("search", q=f"#{stories['stove_number']}")
    assert stories["stove"] in [row["id"] for row in answer.json()["results"]]


def test_a_hit_shows_the_newest_message_with_marks(ben, stories, as_person):
    (row,) = as_person(ben).get("search", q="spirit").json()["results"]
    assert row["match"]["seq"] == 2
    assert row["match"]["snippet"] == [
        {"text": "Yes, ", "hit": False},
        {"text": "spirit", "hit": True},
        {"text": " works.", "hit": False},
    ]


def test_search_results_are_paged(ben, mail, as_person):
    for number in range(5):
        receive_mail(mail, sender_value=f"c{number}@customer.test", text="same words")
    person = as_person(ben)
    seen, cursor = [], ""
    while cursor is not None:
        page = person.get("search", q="same", limit=2, cursor=cursor).json()
        seen += [row["number"] for row in page["results"]]
        cursor = page["next"]
    assert seen == [5, 4, 3, 2, 1]


@pytest.mark.parametrize("q", ["is:flying", "channel:pigeon"])
def test_a_filter_value_that_does_not_exist_is_explained(ben, as_person, q):
    answer = as_person(ben).get("search", q=q)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_search")


def test_nothing_of_another_workspace_is_ever_found(eve, stories, as_person):
    for q in ("tent", "boots", "from:zoe", "#1", "is:open"):
        assert as_person(eve).get("search", q=q).json()["results"] == []
        assert as_person(eve).get("conversations", q=q).json()["results"] == []
