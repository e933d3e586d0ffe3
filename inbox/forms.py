"""Forms of the inbox's settings pages."""

from django import forms

from inbox.models import SavedReply


class SavedReplyForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="What agents look for, like Return label.")
    shortcut = forms.SlugField(
        required=False,
        max_length=40,
        help_text="Typed after a slash in the composer: /return. Letters, digits and hyphens.",
        error_messages={"invalid": "Use letters, digits and hyphens only, like return-label."},
    )
    body = forms.CharField(
        label="Text", max_length=20_000, widget=forms.Textarea(attrs={"rows": 9})
    )

    @classmethod
    def of(cls, data: object, reply: SavedReply | None) -> "SavedReplyForm":
        """Return the form of a new or existing reply."""
        initial = (
            {"name": reply.name, "shortcut": reply.shortcut, "body": reply.body} if reply else None
        )
        return cls(data, initial=initial)  # type: ignore[arg-type]
