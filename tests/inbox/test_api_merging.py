"""Merging contacts through the API, and taking it back."""

import pytest

from identity.services.merge_suggestions import open_suggestions
from identity.tenancy import tenant_scope
from tests.factories.inbox import receive_chat, receive_mail


@pytest.fixture
def pair(mail, chat):
    """A mail's sender and somebody in the chat."""
    return (
        receive_mail(mail).conversation.contact_id,
        receive_chat(chat, email="d@customer.test").conversation.contact_id,
    )


def test_the_contact_in_the_path_survives_and_the_other_says_into_whom(ben, pair, as_person):
    person = as_person(ben)
    kept, gone = pair
    answer = person.post(f"contacts/{kept}/merge", {"other": str(gone)})
    assert answer.status_code == 201
    assert set(answer.json()) == {"id"}
    assert person.get(f"contacts/{gone}").json()["merged_into"] == str(kept)
    assert person.get(f"contacts/{kept}").json()["merged_into"] is None
    assert [one["id"] for one in person.get("contacts").json()["results"]] == [str(kept)]
    timeline = person.get(f"contacts/{kept}/timeline").json()["results"]
    assert {one["channel"]["kind"] for one in timeline} == {"chat", "email"}
    points = person.get(f"contacts/{kept}").json()["points"]
    assert {point["kind"] for point in points} == {"email", "chat"}


def test_undoing_parts_them_and_a_second_time_is_409(ben, pair, as_person):
    person = as_person(ben)
    kept, gone = pair
    before = [person.get(f"contacts/{one}").json() for one in pair]
    merge = person.post(f"contacts/{kept}/merge", {"other": str(gone)}).json()["id"]
    undone = person.post(f"merges/{merge}/undo")
    assert undone.status_code == 200
    assert undone.json()["undone_by"]["name"] == "Ben"
    assert [person.get(f"contacts/{one}").json() for one in pair] == before
    again = person.post(f"merges/{merge}/undo")
    assert (again.status_code, again.json()["code"]) == (409, "already_undone")
    (told,) = person.get(f"contacts/{kept}/merges").json()["results"]
    assert told["id"] == merge


def test_a_contact_that_is_part_of_another_is_409(ben, pair, as_person):
    person = as_person(ben)
    kept, gone = pair
    person.post(f"contacts/{kept}/merge", {"other": str(gone)})
    for path, other in ((kept, gone), (gone, kept), (kept, kept)):
        answer = person.post(f"contacts/{path}/merge", {"other": str(other)})
        assert (answer.status_code, answer.json()["code"]) == (409, "cannot_merge")


def test_suggestions_are_listed_in_pages_accepted_and_dismissed(ben, chat, as_person):
    person = as_person(ben)
    for address in ("a@customer.test", "b@customer.test"):
        for _ in range(2):
            receive_chat(chat, email=address)
    page = person.get("merge-suggestions", limit=1).json()
    (newest,) = page["results"]
    assert newest["because"] == "the same e-mail address"
    (older,) = person.get("merge-suggestions", cursor=page["next"]).json()["results"]
    chosen = newest["second"]["id"]
    answer = person.post(f"merge-suggestions/{newest['id']}/acceptance", {"survivor": chosen})
    assert answer.status_code == 201
    assert person.get(f"contacts/{newest['first']['id']}").json()["merged_into"] == chosen
    assert person.post(f"merge-suggestions/{older['id']}/dismissal").status_code == 204
    assert person.get("merge-suggestions").json() == {"results": [], "next": None}
    again = person.post(f"merge-suggestions/{older['id']}/acceptance", {})
    assert (again.status_code, again.json()["code"]) == (409, "already_dismissed")
    with tenant_scope(ben.workspace_id):
        assert not open_suggestions().exists()


def test_a_key_that_may_only_read_merges_nobody(ben, pair, as_program):
    answer = as_program(ben, "read").post(f"contacts/{pair[0]}/merge", {"other": str(pair[1])})
    assert answer.status_code == 403
