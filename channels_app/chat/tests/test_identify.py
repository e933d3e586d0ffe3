"""Who the shopper is: believed when the shop signed it, and only as far as it signed."""

import json
import time
from base64 import urlsafe_b64encode

import jwt
import pytest

from channels_app.chat.parse import Identify
from channels_app.chat.services.identifying import ForgedIdentityError, Shopper, read_claim
from channels_app.models import ChannelAccount
from helpdesk.foundation.signing import hmac_sha256_hex
from identity.models import Contact, ContactPoint, CustomerLink, StoreCustomer
from identity.tenancy import tenant_scope
from inbox.models import Conversation, Delivery, Message
from inbox.services.showing import shown_in
from tests.factories.chat import Browser
from tests.factories.inbox import receive_mail
from tests.factories.shop import make_customer, make_order

pytestmark = pytest.mark.django_db

SECRET = "a-widget-secret-of-our-own-that-is-longer-than-sixty-four-bytes-in-all"


def signed(secret: str = SECRET, algorithm: str = "HS256", **claims) -> str:
    given = {"exp": int(time.time()) + 300, "sub": "u-1", **claims}
    wanted = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(wanted, secret, algorithm=algorithm)


def secret_of(channel) -> str:
    with tenant_scope(channel.workspace_id):
        secret: str = ChannelAccount.objects.get(channel=channel).secrets["widget_secret"]
    return secret


def points_of(browser) -> set[tuple[str, str, bool]]:
    with tenant_scope(browser.channel.workspace_id):
        return {
            (one.kind, one.value, one.verified)
            for one in ContactPoint.objects.filter(contact=browser.session().contact)
        }


def test_a_signed_token_names_id_and_address():
    claim = Identify(token=signed(email="Dana@Customer.test", name="Dana"))
    assert read_claim(claim, secret=SECRET) == Shopper("u-1", "dana@customer.test", "Dana")


def test_the_id_may_be_a_number_or_called_external_id():
    assert read_claim(Identify(token=signed(sub=17)), secret=SECRET).external_id == "17"
    token = signed(sub=None, external_id="u-2")
    assert read_claim(Identify(token=token), secret=SECRET).external_id == "u-2"


def unsigned() -> str:
    parts = [{"alg": "none", "typ": "JWT"}, {"sub": "u-1", "exp": int(time.time()) + 300}]
    head, body = (urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts)
    return f"{head}.{body}."


@pytest.mark.parametrize(
    "token",
    [
        signed(secret="another-secret-of-more-than-32-bytes!!"),
        signed(exp=int(time.time()) - 3600),
        signed(exp=None),
        signed(exp="soon"),
        signed(sub=None),
        signed(sub=""),
        signed(sub=True),
        signed(algorithm="HS512"),
        unsigned(),
        "a.b.c",
        "nonsense",
        signed()[:-2],
    ],
    ids=range(12),  # the tokens hold the time, and every process has to collect the same names
)
def test_anything_else_is_forged(token):
    with pytest.raises(ForgedIdentityError, match=r"\.$"):
        read_claim(Identify(token=token), secret=SECRET)


def test_an_hmac_covers_the_id_and_not_the_address_beside_it():
    right = hmac_sha256_hex(SECRET, b"u-1")
    claim = Identify(external_id="u-1", email="boss@customer.test", hmac=right.upper())
    assert read_claim(claim, secret=SECRET) == Shopper(external_id="u-1", email="")
    for forged in ("", "0" * 64, hmac_sha256_hex(SECRET, b"u-2"), hmac_sha256_hex("x", b"u-1")):
        with pytest.raises(ForgedIdentityError):
            read_claim(Identify(external_id="u-1", hmac=forged), secret=SECRET)
    with pytest.raises(ForgedIdentityError):
        read_claim(Identify(external_id="", hmac=hmac_sha256_hex(SECRET, b"")), secret=SECRET)
    with pytest.raises(ForgedIdentityError):
        read_claim(claim, secret="")


def test_the_shops_word_makes_the_visitors_address_proven(dana, door):
    dana.say("Hello")
    answer = dana.post("identify", {"token": signed(secret_of(door), email="dana@customer.test")})
    assert answer.json() == {"identified": True}
    assert ("email", "dana@customer.test", True) in points_of(dana)
    dana.say("And now?")
    with tenant_scope(door.workspace_id):
        assert [one.author_verified for one in Message.objects.order_by("seq")] == [False, True]


@pytest.mark.parametrize("address", [None, "dana@customer.test"])
def test_the_shops_own_customer_id_opens_that_customers_orders_in_this_chat(dana, door, address):
    customer = make_customer(door.workspace)
    own = make_order(door.workspace, customer=customer, email="")
    other = make_order(door.workspace, email="")
    with tenant_scope(door.workspace_id):
        StoreCustomer.objects.update(number=7_001_234_567_890)
    dana.say("Where is it?")
    dana.post("identify", {"token": signed(secret_of(door), sub="7001234567890", email=address)})
    with tenant_scope(door.workspace_id):
        shown = shown_in(Conversation.objects.get())
        assert shown.holds(own)
        assert not shown.holds(other)
        assert CustomerLink.objects.get(how="signed").verified


def test_a_short_id_is_not_taken_for_a_shops_customer(dana, door):
    make_customer(door.workspace, email="else@customer.test")
    with tenant_scope(door.workspace_id):
        StoreCustomer.objects.update(number=42)
    dana.post("identify", {"token": signed(secret_of(door), sub="42")})
    with tenant_scope(door.workspace_id):
        assert not CustomerLink.objects.exists()


def test_a_forged_word_changes_nothing(dana, door, foreign_door):
    before = points_of(dana)
    for token in ("nonsense", signed(secret_of(foreign_door), email="boss@customer.test")):
        answer = dana.post("identify", {"token": token})
        assert (answer.status_code, answer.json()["code"]) == (403, "identify_refused")
    assert points_of(dana) == before
    assert not dana.session().identified


@pytest.fixture
def known(mail):
    """Dana is a customer already: she has written from her proven address."""
    return receive_mail(mail, sender_value="dana@customer.test", sender_verified=True)


def test_a_known_customer_is_recognised_with_what_they_said_here(known, dana, door):
    dana.say("Hello")
    before = dana.session().contact
    dana.post("identify", {"token": signed(secret_of(door), email="dana@customer.test")})
    contact = dana.session().contact
    assert contact.pk == known.conversation.contact_id
    assert dana.conversation().contact_id == contact.pk
    with tenant_scope(door.workspace_id):
        assert Contact.objects.get(pk=before.pk).merged_into_id == contact.pk
        assert Message.objects.get(conversation=dana.conversation()).author_contact_id == contact.pk
        # Their mail stays its own issue: nothing is merged that was said before.
        assert Conversation.objects.count() == 2
    assert [one["text"] for one in dana.thread()] == ["Hello"]


def test_a_recognised_customer_goes_on_with_the_issue_they_have_open(known, dana, door):
    dana.post("identify", {"token": signed(secret_of(door), email="dana@customer.test")})
    dana.say("Here I am again")
    assert dana.conversation().pk == known.conversation.pk
    assert [one["text"] for one in dana.thread()] == ["One pole is bent.", "Here I am again"]


def test_a_recognised_customer_sees_mails_to_them_alone(known, dana, ana, door, mail):
    dana.post("identify", {"token": signed(secret_of(door), email="dana@customer.test")})
    dana.say("Hello")
    dana.answered(ana, "To a colleague", channel=mail, to=["boss@shop.test"])
    dana.answered(ana, "With a copy", channel=mail, to=["dana@customer.test"], cc=["x@shop.test"])
    dana.answered(ana, "To Dana", channel=mail, to=["dana@customer.test"], cc=[])
    with tenant_scope(door.workspace_id):
        Delivery.objects.update(state="accepted")
    assert [one["text"] for one in dana.thread()] == ["One pole is bent.", "Hello", "To Dana"]


def test_the_same_shopper_in_two_browsers_is_one_person(dana, door):
    token = signed(secret_of(door))
    other = Browser(door)
    other.open(email="other@customer.test")
    dana.post("identify", {"token": token})
    other.post("identify", {"token": token})
    assert dana.session().contact == other.session().contact


def test_another_customer_in_the_same_browser_is_not_shown_the_first_ones_chat(dana, door):
    secret = secret_of(door)
    dana.say("My secret")
    dana.post("identify", {"token": signed(secret, sub="u-1")})
    answer = dana.post("identify", {"token": signed(secret, sub="u-2")})
    assert (answer.status_code, answer.json()["code"]) == (409, "another_person")
    assert dana.session().attributes["external_id"] == "u-1"
