"""Kinds of fields that channels' forms share."""

from typing import Any

from django import forms


class SecretField(forms.CharField):
    """A credential: empty keeps what is stored."""

    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=True, max_length=5000, **kwargs)


class LinesField(forms.CharField):
    """A list, one entry in each line."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]
