"""The sentence kept with a consent is the sentence the visitor saw."""

import json

import pytest
from django.conf import settings

from channels_app.chat.services.consent import OWN_WORDS, consent_line


@pytest.mark.parametrize("language", sorted(OWN_WORDS))
def test_our_line_is_the_one_the_widget_shows(language):
    words = settings.BASE_DIR / "frontend/widget/words" / f"{language}.json"
    assert json.loads(words.read_text())["consent"] == OWN_WORDS[language]


def test_the_line_follows_the_visitors_language_and_falls_back_to_english():
    assert consent_line({}, "de-AT") == OWN_WORDS["de"]
    assert consent_line({}, "xx") == OWN_WORDS["en"]


def test_the_merchants_own_line_wins():
    assert consent_line({"consent_text": "Yes, please."}, "de") == "Yes, please."
