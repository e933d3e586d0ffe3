"""A chat's settings."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from channels_app.chat.services.appearance import DEFAULT_TOPICS, DEFAULTS
from channels_app.chat.services.doors import origin_form
from channels_app.forms.fields import LinesField
from inbox.taxonomy import TOPICS

TOPIC_ROWS = 6


class NewChatForm(forms.Form):
    name = forms.CharField(
        max_length=80,
        initial="Shop chat",
        help_text="Only your team sees it, to tell channels apart.",
    )


class ChatForm(forms.Form):
    name = forms.CharField(
        max_length=80, help_text="Only your team sees it, to tell channels apart."
    )
    title = forms.CharField(
        required=False, max_length=60, help_text="On top of the chat. Empty: the channel's name."
    )
    greeting = forms.CharField(
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The first thing a visitor reads.",
    )
    color = forms.CharField(
        label="Colour",
        widget=forms.TextInput(attrs={"type": "color", "class": "swatch"}),
        help_text="Your brand's. The chat makes text on it readable by itself.",
    )
    position = forms.ChoiceField(
        choices=(("right", "Right"), ("left", "Left")),
        widget=forms.RadioSelect,
        help_text="The corner of the shop's page.",
    )
    answers_in = forms.CharField(
        required=False,
        max_length=80,
        label="You answer",
        help_text="For example: We usually answer within 2 minutes. Empty: nothing is promised.",
    )
    use_hours = forms.BooleanField(
        required=False,
        label="Hours",
        help_text="Outside your hours the chat says when you are back and offers an answer by "
        "e-mail. Off: it always looks open.",
    )
    consent_text = forms.CharField(
        required=False,
        label="Consent line",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Beside the box that visitors tick before they write. Empty: our own line in the "
        "visitor's language. The text they saw is kept with each consent.",
    )
    privacy_url = forms.URLField(
        required=False,
        label="Privacy page",
        assume_scheme="https",
        help_text="Linked beside the consent line.",
        error_messages={"invalid": "Enter a web address like https://shop.example/privacy."},
    )
    allowed_origins = LinesField(
        required=False,
        label="Allowed pages",
        help_text="Addresses of shops that may show this chat, one in each line, like "
        "https://shop.example. Others are refused.",
    )

    def __init__(self, *args: Any, chosen: Mapping[str, Any], name: str, **kwargs: Any) -> None:
        look = {key: chosen.get(key) or default for key, default in DEFAULTS.items()}
        initial = {
            **look,
            "name": name,
            "allowed_origins": chosen.get("allowed_origins") or [],
            "use_hours": chosen.get("use_hours", True),
        }
        for number, topic in enumerate(chosen.get("topics", DEFAULT_TOPICS)[:TOPIC_ROWS]):
            initial[f"topic_{number}_slug"] = topic["slug"]
            initial[f"topic_{number}_label"] = topic["label"]
            initial[f"topic_{number}_order"] = topic.get("order", False)
        super().__init__(*args, **{**kwargs, "initial": initial})
        for number in range(TOPIC_ROWS):
            self.fields[f"topic_{number}_slug"] = forms.ChoiceField(
                choices=[("", "No button"), *TOPICS.items()],
                required=False,
                label=f"Topic of button {number + 1}",
            )
            self.fields[f"topic_{number}_label"] = forms.CharField(
                required=False, max_length=40, label=f"Words on button {number + 1}"
            )
            self.fields[f"topic_{number}_order"] = forms.BooleanField(
                required=False, label=f"Button {number + 1} asks for the order number"
            )

    def topic_rows(self) -> list[list[forms.BoundField]]:
        """Return the buttons as the template draws them."""
        parts = ("slug", "label", "order")
        return [[self[f"topic_{number}_{part}"] for part in parts] for number in range(TOPIC_ROWS)]

    def clean_color(self) -> str:
        value: str = self.cleaned_data["color"].lower()
        if not re.fullmatch(r"#[0-9a-f]{6}", value):
            raise ValidationError("Enter a colour like #1d5b47.")
        return value

    def clean_allowed_origins(self) -> list[str]:
        found = []
        for line in self.cleaned_data["allowed_origins"]:
            origin = origin_form(line)
            if not origin:
                raise ValidationError(f"“{line}” is no page. Write it like https://shop.example.")
            found.append(origin)
        return list(dict.fromkeys(found))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        topics: list[dict[str, Any]] = []
        for number in range(TOPIC_ROWS):
            slug = data.get(f"topic_{number}_slug")
            if not slug:
                continue
            if slug in {one["slug"] for one in topics}:
                self.add_error(f"topic_{number}_slug", "Another button has this topic already.")
            topics.append(
                {
                    "slug": slug,
                    "label": data.get(f"topic_{number}_label") or TOPICS[slug],
                    "order": bool(data.get(f"topic_{number}_order")),
                }
            )
        data["topics"] = topics
        return data

    def settings(self) -> dict[str, Any]:
        """Return what is stored."""
        kept = (
            "title",
            "greeting",
            "color",
            "position",
            "answers_in",
            "use_hours",
            "consent_text",
            "privacy_url",
            "allowed_origins",
            "topics",
        )
        return {key: self.cleaned_data[key] for key in kept}
