"""Opening hours: the wall clock rules, through every change of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity.hours import (
    DAYS,
    InvalidHoursError,
    in_words,
    is_open,
    next_change,
    next_opening,
    read_week,
)

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in DAYS[:5]}


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


def test_lunch_is_closed_and_the_afternoon_is_next():
    noon = berlin("2026-11-23T12:30")
    assert not is_open(WEEK, BERLIN, noon)
    assert next_opening(WEEK, BERLIN, noon) == berlin("2026-11-23T13:00")


def test_friday_evening_leads_to_monday_morning():
    assert next_opening(WEEK, BERLIN, berlin("2026-11-20T17:00")) == berlin("2026-11-23T09:00")


def test_an_open_moment_is_its_own_opening():
    now = berlin("2026-11-23T09:00")
    assert is_open(WEEK, BERLIN, now)
    assert next_opening(WEEK, BERLIN, now) == now


def test_nine_stays_nine_over_the_night_summer_time_ends():
    saturday = berlin("2026-10-24T20:00")
    opening = next_opening({"sun": [["09:00", "10:00"]]}, BERLIN, saturday)
    assert opening == datetime(2026, 10, 25, 8, tzinfo=UTC)
    assert opening - saturday == timedelta(hours=14)


def test_an_opening_inside_the_skipped_hour_begins_when_the_clock_jumps():
    # 02:00 becomes 03:00 on 29 March 2026.
    opening = next_opening({"sun": [["02:30", "04:00"]]}, BERLIN, berlin("2026-03-29T01:00"))
    assert opening == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_an_opening_that_is_skipped_whole_comes_a_week_later():
    opening = next_opening({"sun": [["02:10", "02:50"]]}, BERLIN, berlin("2026-03-29T01:00"))
    assert opening == berlin("2026-04-05T02:10")


def test_the_hour_that_comes_twice_is_open_twice():
    hours = {"sun": [["02:00", "02:30"]]}
    between = berlin("2026-10-25T02:40")
    assert not is_open(hours, BERLIN, between)
    assert next_opening(hours, BERLIN, between) == berlin("2026-10-25T02:00", fold=1).astimezone(
        UTC
    )


def test_an_interval_over_midnight_goes_on_the_next_day():
    hours = {"sat": [["22:00", "02:00"]]}
    assert is_open(hours, BERLIN, berlin("2026-11-22T01:59"))
    assert not is_open(hours, BERLIN, berlin("2026-11-22T02:00"))
    assert next_change(hours, BERLIN, berlin("2026-11-21T23:00")) == berlin("2026-11-22T02:00")


def test_a_week_without_hours_never_opens():
    assert next_opening({}, BERLIN, berlin("2026-11-22T01:59")) is None
    assert next_change({}, BERLIN, berlin("2026-11-22T01:59")) is None


def test_around_the_clock_never_closes():
    always = {day: [["00:00", "24:00"]] for day in DAYS}
    assert next_change(always, BERLIN, berlin("2026-11-22T01:59")) is None


def test_equal_days_are_told_together():
    assert in_words({**WEEK, "sat": [["10:00", "14:00"]]}) == (
        "Mon-Fri 09:00-12:00 and 13:00-17:00, Sat 10:00-14:00"
    )
    assert in_words({}) == ""


@pytest.mark.parametrize(
    "hours",
    [
        {"mon": [["25:00", "26:00"]]},
        {"mon": [["24:30", "10:00"]]},
        {"monday": []},
        {"mon": ["09:00"]},
        {"mon": "09:00"},
        {"mon": [["nine", "ten"]]},
        {"mon": [[9, 17]]},
    ],
)
def test_a_schedule_that_cannot_be_read_is_refused_with_a_sentence(hours):
    with pytest.raises(InvalidHoursError, match=r"\.$"):
        read_week(hours)


NOON = datetime.fromisoformat("2026-04-08T12:00")

clocks = st.integers(0, 24 * 60).map(lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}")
weeks = st.dictionaries(
    st.sampled_from(DAYS), st.lists(st.tuples(clocks, clocks).map(list), max_size=3), max_size=7
)
zones = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Kolkata",
    ]
).map(ZoneInfo)
# Round the nights on which clocks change in the zones above, and any other time.
moments = st.one_of(
    [
        st.datetimes(
            NOON + timedelta(days=first), NOON + timedelta(days=last), timezones=st.just(UTC)
        )
        for first, last in ((-40, 10), (170, 212), (-700, 1400))
    ]
)


@given(hours=weeks, tz=zones, now=moments)
@settings(max_examples=150, deadline=None)
def test_the_next_opening_is_open_and_nothing_before_it_is(hours, tz, now):
    opening = next_opening(hours, tz, now)
    end = opening or now + timedelta(days=8)
    if opening is not None:
        assert opening >= now
        assert is_open(hours, tz, opening)
    minute = now
    step = max((end - now) / 200, timedelta(minutes=1))
    while minute < end:
        assert not is_open(hours, tz, minute)
        minute += step


@given(hours=weeks, tz=zones, now=moments)
@settings(max_examples=150, deadline=None)
def test_between_two_changes_nothing_changes(hours, tz, now):
    change = next_change(hours, tz, now)
    before = is_open(hours, tz, now)
    if change is None:
        change = now + timedelta(days=8)
    else:
        assert is_open(hours, tz, change) is not before
        assert is_open(
            hours, tz, change - timedelta(seconds=1)
        ) is before or change - now < timedelta(seconds=1)
    step = max((change - now) / 200, timedelta(minutes=1))
    minute = now
    while minute < change:
        assert is_open(hours, tz, minute) is before
        minute += step
