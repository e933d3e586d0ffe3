"""The chat as one channel among others, and the public samples of its protocol."""

import json
from uuid import UUID, uuid4

import pytest

from channels_app.chat.parse import (
    Hello,
    Identify,
    Resume,
    Said,
    Seen,
    Typing,
    read_frame,
)
from channels_app.chat.services.identifying import Shopper, read_claim
from channels_app.chat.services.sessions import Visitor, create_session
from channels_app.contract import Account, RawRequest
from channels_app.testing import AdapterContract
from identity.tenancy import tenant_scope
from inbox.models import Channel
from tests.corpus import corpus_files
from tests.factories.chat import open_door

pytestmark = pytest.mark.django_db


class TestChatAdapter(AdapterContract):
    kind = "chat"

    def make_channel(self, workspace):
        return open_door(workspace)

    def signed_request(self, account: Account) -> RawRequest:
        return self._request(account, {"client_msg_id": str(uuid4()), "text": "Hello"})

    def unknown_request(self, account: Account) -> RawRequest:
        return self._request(account, {"type": "wave", "client_msg_id": str(uuid4())})

    def _request(self, account: Account, body: dict[str, str]) -> RawRequest:
        with tenant_scope(UUID(account.workspace_id)):
            session, token = create_session(
                channel=Channel.objects.get(pk=account.channel_id),
                visitor=Visitor(name="Dana", email="", consent_text="Yes."),
            )
        return RawRequest(
            method="POST",
            url="http://localhost:8000/widget/v1/messages",
            headers={"authorization": f"Bearer {token}", "session": str(session.pk)},
            query={},
            body=json.dumps(body).encode(),
        )


SAMPLES = {
    "client-hello": Hello(token="", page_url="https://shop.test/p/1", locale="de"),
    "client-message": Said(client_msg_id="6b0c1f4e-6f0f-4a2e-9c53-2e2d0b3f9a11", text="Hallo"),
    "client-read": Seen(last_seq=12, looked_at=True),
    "client-resume": Resume(after_seq=9, token="vt_x"),
    "client-typing": Typing(on=True),
    "client-identify": Identify(
        external_id="u-1",
        email="dana@customer.test",
        hmac="8ff4c86cc85b82f27d9750b7046c7fc32c3bd0c2757b9669249034dba787cba2",
    ),
}


@pytest.mark.corpus
@pytest.mark.parametrize("path", corpus_files("webchat", "client-*.json"))
def test_every_public_sample_of_a_browser_is_understood(path):
    assert read_frame(path.read_text()) == SAMPLES[path.stem]


@pytest.mark.corpus
def test_the_public_samples_signature_is_right_for_its_id_and_proves_no_address():
    claim = SAMPLES["client-identify"]
    assert isinstance(claim, Identify)
    assert read_claim(claim, secret="widget_secret") == Shopper(external_id="u-1", email="")


@pytest.mark.corpus
@pytest.mark.parametrize("path", corpus_files("webchat", "server-*.json"))
def test_our_frames_say_at_least_what_the_public_samples_say(path, dana, ana):
    click = "6b0c1f4e-6f0f-4a2e-9c53-2e2d0b3f9a11"
    ack = {"type": "ack", **dana.say("Hallo", click).json()}
    dana.answered(ana, "Hi")
    message = {"type": "message", **dana.thread()[-1]}
    sample = json.loads(path.read_text())
    ours = {"ack": ack, "message": message}[sample["type"]]
    assert set(sample) <= set(ours)
    for name in sample:
        assert type(ours[name]) is type(sample[name])
