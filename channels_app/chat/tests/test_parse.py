"""Reading what strangers send: never an exception of another kind, always a sentence."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_app.chat.parse import (
    End,
    FrameError,
    Hello,
    Identify,
    Said,
    Seen,
    Typing,
    clean_text,
    event_keys,
    read_frame,
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
frames = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["hello", "message", "typing", "read", "ack", "resume", "identify", "end", "x"]
        )
    },
    optional=dict.fromkeys(
        (
            "token",
            "visitor_token",
            "after_seq",
            "client_msg_id",
            "text",
            "attachments",
            "on",
            "last_seq",
            "seq",
            "email",
        ),
        anything,
    ),
)


@given(frames)
@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw builds Unicode's tables
def test_any_frame_is_read_or_refused_with_a_sentence(frame):
    refusal = None
    try:
        read_frame(json.dumps(frame))
    except FrameError as error:
        refusal = error
    assert refusal is None or (str(refusal).endswith(".") and refusal.code)


@given(st.binary())
def test_any_bytes_are_read_or_refused(raw):
    with pytest.raises(FrameError):
        read_frame(raw)


@given(st.binary(), st.text())
def test_keys_never_raise_and_fit_their_column(raw, session):
    keys = event_keys(raw, {"session": session[:36]})
    assert len(keys.dedupe) <= 200


@given(st.text())
def test_cleaned_text_is_what_a_database_takes_and_is_clean_already(text):
    cleaned = clean_text(text)
    assert "\x00" not in cleaned
    cleaned.encode()
    assert clean_text(cleaned) == cleaned


def test_the_token_has_two_names():
    assert read_frame('{"type":"hello","visitor_token":"wc_a"}') == Hello(token="wc_a")
    assert read_frame('{"type":"hello","token":"wc_b","visitor_token":null}') == Hello(token="wc_b")


def test_a_true_is_no_number():
    with pytest.raises(FrameError):
        read_frame('{"type":"read","last_seq":true}')


def test_small_frames():
    assert read_frame('{"type":"end"}') == End()
    assert read_frame('{"type":"typing"}') == Typing(on=False)
    assert read_frame('{"type":"ack","seq":3}') == Seen(last_seq=3, looked_at=False)
    assert read_frame('{"type":"identify","token":"a.b.c"}') == Identify(token="a.b.c")


def test_files_may_be_named_by_id_or_as_what_the_upload_answered():
    said = read_frame(
        json.dumps(
            {
                "type": "message",
                "client_msg_id": "a",
                "text": "",
                "attachments": ["x", {"id": "y"}, "x"],
            }
        )
    )
    assert said == Said(client_msg_id="a", text="", attachments=("x", "y"))


def test_a_refused_message_is_named():
    with pytest.raises(FrameError) as caught:
        read_frame('{"type":"message","client_msg_id":"a","text":""}')
    assert caught.value.client_msg_id == "a"
