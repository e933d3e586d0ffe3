"""What every adapter must show, whatever its vendor: subclass ``AdapterContract`` in its tests.

The behaviours are driven through the product's own rooms (door, ledger, worker), so that a new
adapter is tested as it will be used.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import pytest

from channels_app import processing
from channels_app.contract import (
    Account,
    InboundMessage,
    Keys,
    RawRequest,
)
from channels_app.models import InboundEvent
from channels_app.registry import ADAPTERS, adapter_for
from channels_app.services import Route, account_of, ingest_raw_event
from helpdesk.foundation.ledger import WorkState
from identity.tenancy import tenant_scope
from inbox.capabilities import Capabilities
from inbox.models import Channel, Message


class AdapterContract(ABC):
    """Subclasses name the kind, make a channel, and give signed and unknown sample requests."""

    kind: ClassVar[str]
    variant: ClassVar[str] = ""

    @abstractmethod
    def make_channel(self, workspace: Any) -> Channel:
        """Return a channel of this kind, ready to receive."""

    @abstractmethod
    def signed_request(self, account: Account) -> RawRequest:
        """Return a request with one customer's message and a right signature."""

    @abstractmethod
    def unknown_request(self, account: Account) -> RawRequest:
        """Return a signed request in which there is nothing for us."""

    @pytest.fixture
    def channel(self, shop: Any) -> Channel:
        return self.make_channel(shop)

    @pytest.fixture
    def account(self, channel: Channel) -> Account:
        with tenant_scope(channel.workspace_id):
            return account_of(channel)

    def store(self, channel: Channel, account: Account, request: RawRequest) -> Any:
        """Take a request in as the door does, and let a worker work it."""
        keys = adapter_for(self.kind).keys(request.body, request.headers, self.variant)
        route = Route(
            workspace_id=channel.workspace_id,
            channel_id=channel.pk,
            kind=self.kind,
            hook_key="",
            account=account,
        )
        source = f"{self.kind}/{self.variant}" if self.variant else self.kind
        event_id, _ = ingest_raw_event(
            route=route, source=source, body=request.body, headers=request.headers, keys=keys
        )
        processing.drain()
        with tenant_scope(channel.workspace_id):
            return InboundEvent.objects.get(pk=event_id)

    def test_it_is_registered_under_its_kind(self) -> None:
        assert ADAPTERS[self.kind].kind == self.kind

    def test_its_capabilities_are_data(self) -> None:
        capabilities = getattr(adapter_for(self.kind), "capabilities", None)
        assert isinstance(capabilities, Capabilities)
        assert capabilities.max_text > 0

    def test_a_right_signature_passes_and_a_wrong_one_does_not(self, account: Account) -> None:
        adapter = adapter_for(self.kind)
        request = self.signed_request(account)
        assert adapter.verify(request, account) is True
        tampered = RawRequest(
            method=request.method,
            url=request.url,
            headers={},
            query={},
            body=request.body + b" ",
            variant=request.variant,
        )
        assert adapter.verify(tampered, account) is False

    @pytest.mark.parametrize("body", [b"", b"{", b"\x00\xff" * 50, b"null", b"[]", b'{"a": 1}'])
    def test_keys_never_raise_and_tell_bodies_apart(self, body: bytes) -> None:
        adapter = adapter_for(self.kind)
        keys = adapter.keys(body, {}, self.variant)
        assert isinstance(keys, Keys)
        assert keys == adapter.keys(body, {}, self.variant)
        assert keys.dedupe

    def test_one_message_comes_of_one_event(self, channel: Channel, account: Account) -> None:
        event = self.store(channel, account, self.signed_request(account))
        assert event.work_state == WorkState.DONE, event.reason
        with tenant_scope(channel.workspace_id):
            assert [str(pk) for pk in event.message_ids] == [str(Message.objects.get().pk)]

    def test_a_replay_is_stored_once(self, channel: Channel, account: Account) -> None:
        request = self.signed_request(account)
        first = self.store(channel, account, request)
        assert self.store(channel, account, request).pk == first.pk
        with tenant_scope(channel.workspace_id):
            assert Message.objects.count() == 1

    def test_an_unknown_event_is_kept_as_ignored_with_its_reason(
        self, channel: Channel, account: Account
    ) -> None:
        request = self.unknown_request(account)
        event = self.store(channel, account, request)
        assert event.work_state == WorkState.IGNORED
        assert event.reason

    def test_parsing_is_repeatable(self, account: Account) -> None:
        adapter = adapter_for(self.kind)
        request = self.signed_request(account)
        once = adapter.parse(request.body, request.headers, self.variant, account)
        again = adapter.parse(request.body, request.headers, self.variant, account)
        assert once == again
        assert isinstance(once[0], InboundMessage)
