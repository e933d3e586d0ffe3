"""A week of opening hours on a wall clock, pure: when are people there, and when are they back.

Hours are what the clock on the wall says, so a summer-time change moves nothing a person wrote down:
open from 09:00 means 09:00 before and after it. An hour that is skipped is not waited for, an hour
that comes twice is open twice.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Any

from helpdesk.foundation.errors import HelpdeskError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = dict(zip(DAYS, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
#: A week that opens at all opens within seven days, unless the only opening falls into a skipped hour.
HORIZON_DAYS = 16
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_DAY_MINUTES = 24 * 60


class InvalidHoursError(HelpdeskError):
    """A schedule that can't be read."""

    code = "invalid_hours"


@dataclass(frozen=True, slots=True)
class Interval:
    """Minutes after midnight; ``end`` is not open any more and may be 1440."""

    start: int
    end: int


Week = tuple[tuple[Interval, ...], ...]


def read_week(hours: Mapping[str, Any]) -> Week:
    """Return the week of ``{"mon": [["09:00", "12:00"], …], …}``; a missing day is closed.

    An interval that ends at or before its start goes on after midnight. Raises InvalidHoursError.
    """
    week: list[list[Interval]] = [[] for _ in DAYS]
    for day, intervals in hours.items():
        if day not in DAYS or not isinstance(intervals, list | tuple):
            raise InvalidHoursError(f"“{day}” is no day of the week with a list of hours.")
        number = DAYS.index(day)
        for pair in intervals:
            start, end = _read_pair(day, pair)
            if start < end:
                week[number].append(Interval(start, end))
                continue
            week[number].append(Interval(start, _DAY_MINUTES))
            if end:
                week[(number + 1) % 7].append(Interval(0, end))
    return tuple(tuple(sorted(day, key=lambda one: one.start)) for day in week)


def is_open(hours: Mapping[str, Any], tz: tzinfo, now: datetime) -> bool:
    """Say whether somebody is there at ``now``."""
    return _is_open(read_week(hours), now.astimezone(tz))


def next_opening(hours: Mapping[str, Any], tz: tzinfo, now: datetime) -> datetime | None:
    """Return the first moment from ``now`` on that is open, in UTC; None if the week never opens."""
    week = read_week(hours)
    return _first_change(week, tz, now, wanted=True)


def next_change(hours: Mapping[str, Any], tz: tzinfo, now: datetime) -> datetime | None:
    """Return when open turns to closed or back after ``now``, in UTC; None if it never does."""
    week = read_week(hours)
    return _first_change(week, tz, now, wanted=not _is_open(week, now.astimezone(tz)))


def in_words(hours: Mapping[str, Any]) -> str:
    """Return the week for people: ``Mon-Fri 09:00-17:00, Sat 10:00-14:00``."""
    days = [(name, _spans(day)) for name, day in zip(DAYS, read_week(hours), strict=True)]
    runs: list[tuple[str, str, str]] = []
    for name, spans in days:
        if runs and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], name, spans)
        else:
            runs.append((name, name, spans))
    return ", ".join(f"{_days(first, last)} {spans}" for first, last, spans in runs if spans)


def _read_pair(day: str, pair: Any) -> tuple[int, int]:
    match pair:
        case [str(start), str(end)] | (str(start), str(end)):
            return _minutes(start), _minutes(end)
        case _:
            raise InvalidHoursError(f"The hours of {day} need a start and an end such as 09:00.")


def _minutes(clock: str) -> int:
    found = _CLOCK.fullmatch(clock.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found else _DAY_MINUTES + 1
    if minutes > _DAY_MINUTES:
        raise InvalidHoursError(f"“{clock}” is no time of day such as 09:00.")
    return minutes


def _is_open(week: Week, local: datetime) -> bool:
    minutes = local.hour * 60 + local.minute
    return any(one.start <= minutes < one.end for one in week[local.weekday()])


def _first_change(week: Week, tz: tzinfo, now: datetime, *, wanted: bool) -> datetime | None:
    start = now.astimezone(UTC)
    if _is_open(week, start.astimezone(tz)) is wanted:
        return start
    later = (moment for moment in _moments(week, tz, start) if moment > start)
    return next(
        (moment for moment in later if _is_open(week, moment.astimezone(tz)) is wanted), None
    )


def _moments(week: Week, tz: tzinfo, start: datetime) -> list[datetime]:
    """Return, in order, every instant at which open may turn to closed or back."""
    first = start.astimezone(tz).date() - timedelta(days=1)
    days = [first + timedelta(days=number) for number in range(HORIZON_DAYS + 1)]
    edges = {
        moment
        for day in days
        for one in week[day.weekday()]
        for minutes in (one.start, one.end)
        for moment in _instants(day, minutes, tz)
    }
    return sorted(edges | set(_clock_changes(tz, days[0], days[-1])))


def _instants(day: date, minutes: int, tz: tzinfo) -> Iterator[datetime]:
    """Yield when the wall clock shows this: once, or twice when the hour comes twice."""
    wall = datetime(day.year, day.month, day.day, tzinfo=tz) + timedelta(minutes=minutes)
    for fold in (0, 1):
        yield wall.replace(fold=fold).astimezone(UTC)


def _clock_changes(tz: tzinfo, first: date, last: date) -> Iterator[datetime]:
    """Yield the instants at which the offset to UTC changes, to the second."""
    noons = [
        datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        for day in (first + timedelta(days=number) for number in range((last - first).days + 2))
    ]
    for before, after in pairwise(noons):
        if _offset(before, tz) != _offset(after, tz):
            low, high = before, after
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
                low, high = (
                    (middle, high) if _offset(middle, tz) == _offset(before, tz) else (low, middle)
                )
            yield high


def _offset(moment: datetime, tz: tzinfo) -> timedelta | None:
    return moment.astimezone(tz).utcoffset()


def _spans(day: tuple[Interval, ...]) -> str:
    return " and ".join(f"{_clock(one.start)}-{_clock(one.end)}" for one in day)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _days(first: str, last: str) -> str:
    return DAY_NAMES[first] if first == last else f"{DAY_NAMES[first]}-{DAY_NAMES[last]}"
