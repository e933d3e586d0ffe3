from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from identity.hours import InvalidHoursError
from identity.hours_in_words import check_day, describe, open_parts

OSLO = "Europe/Oslo"
WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SATURDAY = datetime(2026, 11, 21, 10, tzinfo=ZoneInfo(OSLO))


def form_of(workspace, **changes):
    given = {
        "name": workspace.name,
        "timezone": OSLO,
        "locale": "en",
        "continuation_hours": "72",
    }
    for day in WEEK:
        given |= {f"{day}_0_from": "09:00", f"{day}_0_to": "17:00"}
    return given | changes


def test_saved_hours_are_the_ones_typed(sign_in, ana, shop):
    given = form_of(
        shop, fri_0_to="12:30", fri_1_from="13:00", fri_1_to="16:00", mon_0_from="", mon_0_to=""
    )
    assert sign_in(ana).post("/settings/workspace/", given).status_code == 302
    shop.refresh_from_db()
    assert shop.timezone == OSLO
    assert shop.hours["fri"] == [["09:00", "12:30"], ["13:00", "16:00"]]
    assert "mon" not in shop.hours


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mon_0_to": "08:00"}, "09:00 to 08:00 ends before it begins"),
        ({"mon_0_to": "25:00"}, "no time of day such as 09:00"),
        ({"mon_0_to": ""}, "Enter both times, or leave both empty for closed"),
        ({"mon_1_from": "16:00", "mon_1_to": "18:00"}, "Two times overlap"),
        ({"continuation_hours": "-5"}, "Enter 0 or more hours. Most shops use 72."),
        ({"timezone": "Mars/Olympus"}, "Select a valid choice"),
    ],
)
def test_wrong_values_are_answered_beside_the_field(sign_in, ana, shop, changes, sentence):
    before = shop.hours
    page = sign_in(ana).post("/settings/workspace/", form_of(shop, **changes)).content.decode()
    assert sentence in page
    shop.refresh_from_db()
    assert shop.hours == before


def test_preview_says_what_unsaved_hours_would_mean(sign_in, ana, shop):
    given = form_of(shop, sat_0_from="08:00", sat_0_to="11:00")
    page = sign_in(ana).post("/settings/workspace/hours-preview/", given).content.decode()
    assert "A chat that starts Saturday 10:00 is inside your hours" in page
    assert "A chat that starts Friday 18:00 is outside your hours" in page
    shop.refresh_from_db()
    assert "sat" not in shop.hours


def test_saturday_chat_is_told_when_monday_opens():
    assert describe(week=WEEK, timezone=OSLO, at=SATURDAY) == (
        "A chat that starts Saturday 10:00 is outside your hours: "
        "the widget says that you are back on Monday at 09:00."
    )


def test_week_without_hours_always_takes_messages():
    assert "meets nobody" in describe(week={}, timezone=OSLO, at=SATURDAY)


def test_intervals_come_back_in_order():
    assert check_day([["13:00", "17:00"], ["9:00", "12:00"]]) == [
        ["09:00", "12:00"],
        ["13:00", "17:00"],
    ]


def test_night_typed_as_one_pair_is_explained():
    with pytest.raises(InvalidHoursError, match="end this day at 24:00"):
        check_day([["22:00", "06:00"]])


def test_bars_of_the_week_are_percent_of_the_day():
    assert open_parts({"mon": [["06:00", "12:00"]]})[0] == ("Mon", [(25.0, 25.0)])
