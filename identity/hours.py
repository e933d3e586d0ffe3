"""The weekly schedule: when somebody is there to answer. Pure: times and data come as arguments.

A week is ``{"mon": [["09:00", "12:00"], ["13:00", "17:30"]], …}`` in the workspace's local time; a
missing day is closed. ``24:00`` ends a day that is open until midnight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Week = Mapping[str, Sequence[Sequence[str]]]


class HoursError(ValueError):
    """A schedule that can't be; the text says what to enter instead."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Whether somebody is there at a moment, and from when on otherwise (None: never)."""

    open: bool
    next_opening: datetime | None


def minutes_of(text: str) -> int:
    """Return minutes since midnight for ``HH:MM``; ``24:00`` is allowed. Raises HoursError."""
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and len(minutes) == 2):
        raise HoursError(f"{text} is not a time. Write it like 09:00.")
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > 24 * 60:
        raise HoursError(f"{text} is not a time of day. Use 00:00 to 24:00.")
    return total


def check_day(intervals: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the day's intervals in order. Raises HoursError when one is empty or two overlap."""
    parsed = sorted((minutes_of(start), minutes_of(end)) for start, end in intervals)
    for start, end in parsed:
        if start >= end:
            raise HoursError(
                f"{_clock(start)} to {_clock(end)} ends before it begins. "
                "For work past midnight, end this day at 24:00 and start the next at 00:00."
            )
    for (_, earlier_end), (later_start, _) in zip(parsed, parsed[1:], strict=False):
        if later_start < earlier_end:
            raise HoursError(
                f"Two times overlap: one ends at {_clock(earlier_end)}, the next begins at "
                f"{_clock(later_start)}."
            )
    return [[_clock(start), _clock(end)] for start, end in parsed]


def answering_at(*, week: Week, timezone: str, at: datetime) -> Answering:
    """Say whether the week is open at an aware moment, and when it opens next if it is not."""
    zone = ZoneInfo(timezone)
    local = at.astimezone(zone)
    for start, end in _openings(week, zone, local.date() - timedelta(days=1), days=9):
        if start <= at < end:
            return Answering(open=True, next_opening=None)
        if start > at:
            return Answering(open=False, next_opening=start.astimezone(zone))
    return Answering(open=False, next_opening=None)


def describe(*, week: Week, timezone: str, at: datetime) -> str:
    """Say in a sentence what happens to a chat that starts at ``at``."""
    local = at.astimezone(ZoneInfo(timezone))
    start = f"A chat that starts {DAY_NAMES[local.weekday()]} {local:%H:%M}"
    answer = answering_at(week=week, timezone=timezone, at=at)
    if answer.open:
        return f"{start} is inside your hours: the widget says that somebody is there."
    if answer.next_opening is None:
        return f"{start} meets nobody: the week has no hours, so the widget always takes messages."
    opening = answer.next_opening
    when = f"at {opening:%H:%M}"
    if opening.date() != local.date():
        when = f"on {DAY_NAMES[opening.weekday()]} {when}"
    return f"{start} is outside your hours: the widget says that you are back {when}."


def examples(*, week: Week, timezone: str, now: datetime) -> list[str]:
    """Return sentences for the moments people get wrong: a weekday evening and the weekend."""
    zone = ZoneInfo(timezone)
    monday = now.astimezone(zone).date() + timedelta(days=7 - now.astimezone(zone).weekday())
    moments = (
        (monday + timedelta(days=2), time(10)),
        (monday + timedelta(days=4), time(18)),
        (monday + timedelta(days=5), time(10)),
    )
    return [
        describe(week=week, timezone=timezone, at=datetime.combine(day, clock, tzinfo=zone))
        for day, clock in moments
    ]


def _openings(
    week: Week, zone: ZoneInfo, first: date, *, days: int
) -> list[tuple[datetime, datetime]]:
    found = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        for start, end in week.get(DAYS[day.weekday()], ()):
            found.append((_moment(day, start, zone), _moment(day, end, zone)))
    return sorted(found)


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """Return an aware moment; a time that a clock change skips moves to the first one after it."""
    minutes = minutes_of(clock)
    if minutes == 24 * 60:
        day, minutes = day + timedelta(days=1), 0
    naive = datetime.combine(day, time(minutes // 60, minutes % 60))
    return datetime.fromtimestamp(naive.replace(tzinfo=zone).timestamp(), tz=zone)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
