"""A shop's chat with its visitors, over HTTP as browsers and programs speak it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from channels_app.chat.adapter import CAPABILITIES
from channels_app.chat.services.appearance import create_chat_channel
from channels_app.models import ChatSession
from identity.models import Membership, Workspace
from identity.tenancy import tenant_scope
from inbox.models import Channel, Conversation, Message
from inbox.services.sending import send

FORM = {"name": "Dana Miller", "email": "dana@customer.test", "consent": True}


def open_door(workspace: Workspace, **settings: Any) -> Channel:
    with tenant_scope(workspace.pk):
        return create_chat_channel(
            name="Shop chat",
            capabilities=CAPABILITIES,
            settings={"allowed_origins": ["https://shop.test"], **settings},
        )


@dataclass
class Browser:
    """A visitor's browser: it knows its session's token and nothing else."""

    channel: Channel
    headers: dict[str, str] = field(default_factory=dict)
    address: str = "203.0.113.7"
    token: str = ""
    session_id: str = ""

    def __post_init__(self) -> None:
        self.http = Client(REMOTE_ADDR=self.address, headers=self.headers)

    def config(self, **more: Any) -> Any:
        return self.http.get(f"/widget/v1/{self.channel.public_key}/config", **more)

    def open(self, **form: Any) -> Any:
        answer = self.http.post(
            f"/widget/v1/{self.channel.public_key}/sessions",
            {**FORM, **form},
            content_type="application/json",
        )
        if answer.status_code == 201:
            self.token, self.session_id = answer.json()["token"], answer.json()["session_id"]
        return answer

    def post(self, path: str, body: Any, **more: Any) -> Any:
        return self.http.post(
            f"/widget/v1/{path}", body, content_type="application/json", **self._auth(more)
        )

    def say(self, text: str, client_msg_id: str = "", **more: Any) -> Any:
        body = {"client_msg_id": client_msg_id or str(uuid4()), "text": text, **more}
        return self.post("messages", body)

    def page(self, after_seq: int | str = 0, **more: Any) -> Any:
        return self.http.get(f"/widget/v1/messages?after_seq={after_seq}", **self._auth(more))

    def thread(self) -> list[dict[str, Any]]:
        results: list[dict[str, Any]] = self.page().json()["results"]
        return results

    def upload(self, name: str, content: bytes, kind: str) -> Any:
        return self.http.post(
            "/widget/v1/attachments",
            {"file": SimpleUploadedFile(name, content, kind)},
            **self._auth({}),
        )

    def _auth(self, more: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return {"headers": headers, **more}

    # What the shop's side sees and does.

    def session(self) -> ChatSession:
        with tenant_scope(self.channel.workspace_id):
            return ChatSession.objects.select_related("contact", "conversation").get(
                pk=self.session_id
            )

    def conversation(self) -> Conversation:
        with tenant_scope(self.channel.workspace_id):
            conversation = self.session().conversation
        assert conversation is not None
        return conversation

    def answered(self, author: Membership, text: str, **more: Any) -> Message:
        with tenant_scope(self.channel.workspace_id):
            return send(conversation=self.conversation(), author=author, body_text=text, **more)

    def answered_often(self, author: Membership, times: int) -> None:
        """Answer many times in one transaction."""
        with tenant_scope(self.channel.workspace_id):
            conversation = self.conversation()
            for number in range(times):
                send(conversation=conversation, author=author, body_text=f"Line {number}")
