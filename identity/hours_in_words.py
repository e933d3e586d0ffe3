"""Hours as an admin meets them: what may be entered for a day, and what a week means in sentences."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from identity.hours import DAYS, InvalidHoursError, is_open, next_opening, read_week

LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def check_day(intervals: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return a day's intervals in order. Raises InvalidHoursError when one is odd or two overlap.

    The schedule itself knows nights (22:00 to 06:00); a form does not take them, because a pair
    typed the wrong way round would look the same.
    """
    parsed = []
    for start, end in intervals:
        read_week({"mon": [[start, end]]})
        begin, finish = start.strip().rjust(5, "0"), end.strip().rjust(5, "0")
        if begin >= finish:
            raise InvalidHoursError(
                f"{begin} to {finish} ends before it begins. For work past midnight, end this day "
                "at 24:00 and start the next at 00:00."
            )
        parsed.append([begin, finish])
    parsed.sort()
    for (_, earlier_end), (later_start, _) in pairwise(parsed):
        if later_start < earlier_end:
            raise InvalidHoursError(
                f"Two times overlap: one ends at {earlier_end}, the next begins at {later_start}."
            )
    return parsed


def describe(*, week: Mapping[str, Any], timezone: str, at: datetime) -> str:
    """Say in a sentence what happens to a chat that starts at ``at``."""
    zone = ZoneInfo(timezone)
    local = at.astimezone(zone)
    start = f"A chat that starts {LONG_DAYS[local.weekday()]} {local:%H:%M}"
    if is_open(week, zone, at):
        return f"{start} is inside your hours: the widget says that somebody is there."
    opening = next_opening(week, zone, at)
    if opening is None:
        return f"{start} meets nobody: the week has no hours, so the widget always takes messages."
    opening = opening.astimezone(zone)
    when = f"at {opening:%H:%M}"
    if opening.date() != local.date():
        when = f"on {LONG_DAYS[opening.weekday()]} {when}"
    return f"{start} is outside your hours: the widget says that you are back {when}."


def examples(*, week: Mapping[str, Any], timezone: str, now: datetime) -> list[str]:
    """Return sentences for the moments people get wrong: a weekday, Friday evening, Saturday."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    moments = (
        datetime.combine(monday + timedelta(days=2), time(10), tzinfo=zone),
        datetime.combine(monday + timedelta(days=4), time(18), tzinfo=zone),
        datetime.combine(monday + timedelta(days=5), time(10), tzinfo=zone),
    )
    return [describe(week=week, timezone=timezone, at=moment) for moment in moments]


def open_parts(week: Mapping[str, Any]) -> list[tuple[str, list[tuple[float, float]]]]:
    """Return each day's name and its open parts as (start, length) in percent of 24 hours."""
    return [
        (
            day.title(),
            [
                (round(one.start / 14.4, 2), round((one.end - one.start) / 14.4, 2))
                for one in intervals
            ],
        )
        for day, intervals in zip(DAYS, read_week(week), strict=True)
    ]
