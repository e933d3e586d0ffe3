"""The consent line a shopper agreed to, in the language they saw it, kept with their session."""

from collections.abc import Mapping
from typing import Any

#: The widget's own sentences (``frontend/widget/words``); a test keeps the two equal.
OWN_WORDS = {
    "en": "The shop may store this chat and my details to answer me.",
    "de": "Der Shop darf diesen Chat und meine Angaben speichern, um mir zu antworten.",
    "fr": "La boutique peut conserver cette discussion et mes coordonnées pour me répondre.",
    "es": "La tienda puede guardar este chat y mis datos para responderme.",
    "ar": "يجوز للمتجر حفظ هذه المحادثة وبياناتي للرد عليّ.",
}


def consent_line(chosen: Mapping[str, Any], locale: str = "") -> str:
    """Return the merchant's sentence, or ours in the visitor's language."""
    language = locale.lower().replace("_", "-").partition("-")[0]
    return str(chosen.get("consent_text") or OWN_WORDS.get(language, OWN_WORDS["en"]))
