"""Olga says when her shop is open, and everybody can see whether it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import hours
from crm.errors import Invalid
from crm.quiet import DAY, Hours
from handlers.buttons.hours import DaysOff, OpenDay, SetDay, SetWeek, WorkingDay, WorkingHours
from storage.settings import Setting
from tests.people import Desk, Someone
from tests.test_digest import until

MONDAY, SATURDAY = 0, 5


async def looks(somebody: Someone) -> None:
    """Open the screen."""
    await somebody.writes("/settings")
    await somebody.presses("Working hours")


async def test_olga_sets_her_week_in_one_press_and_the_sign_follows_the_clock(desk: Desk, olga: Someone) -> None:
    await looks(olga)
    assert "every hour counts" in olga.screen
    await olga.presses("Mon – Fri")
    assert re.search(r"Friday: 9:00.AM – 6:00.PM", olga.screen)
    assert "Sunday: closed" in olga.screen
    desk.world.clock.advance(until(desk, 20, weekday=SATURDAY))
    await looks(olga)
    assert re.search(r"Closed now. Opens again: Monday at 9:00.AM", olga.screen)
    desk.world.clock.advance(until(desk, 10, weekday=MONDAY))
    await looks(olga)
    assert re.search(r"Open now, until 6:00.PM", olga.screen)


async def test_a_day_is_typed_with_its_lunch_and_copied_to_the_others(olga: Someone) -> None:
    await looks(olga)
    await olga.presses("Mon – Sat")
    await olga.presses("Tue")
    await olga.writes("when I wake up")
    assert "I do not understand these hours" in olga.screen
    await olga.writes("9-14, 13-18")
    assert "run into one another" in olga.screen
    await olga.writes("9-13, 14-18")
    assert re.search(r"Tuesday: 9:00.AM – 1:00.PM, 2:00.PM – 6:00.PM", olga.screen)
    await olga.presses("The same from Monday to Friday")
    assert re.search(r"Monday: 9:00.AM – 1:00.PM, 2:00.PM", olga.screen)
    assert re.search(r"Saturday: 10:00.AM – 7:00.PM", olga.screen)
    await olga.presses("Undo")
    assert re.search(r"Monday: 10:00.AM – 7:00.PM", olga.screen)
    await olga.presses("Sat")
    await olga.presses("Closed on this day")
    await olga.presses("Back")
    assert "Saturday: closed" in olga.screen
    await olga.presses("Every hour counts")
    assert "so every hour counts" in olga.screen


async def test_christmas_is_a_day_off_until_olga_thinks_better_of_it(olga: Someone) -> None:
    await looks(olga)
    await olga.presses("Mon – Fri")
    await olga.presses("Days off")
    assert "None are planned" in olga.screen
    await olga.writes("never")
    assert "I find no day to come" in olga.screen
    await olga.writes("24.12.-26.12. Christmas")
    assert "Closed on 3 days" in olga.screen
    assert "December 25" in olga.screen
    assert olga.screen.count("Christmas") == 4  # three days, and the example
    await olga.presses("December 25")
    assert "after all?" in olga.screen
    await olga.presses("Yes, open")
    assert "December 25" not in olga.screen
    await olga.presses("Back")
    assert "Next day off: December 24" in olga.screen


async def test_boris_sees_the_hours_and_changes_none(desk: Desk, boris: Someone) -> None:
    await looks(boris)
    assert "Mon" not in " ".join(boris.buttons)
    await boris.presses("Days off")
    assert "None are planned" in boris.screen
    for forged in (SetWeek(last=4, begins=0, ends=60), SetDay(day=0, begins=0, ends=60)):
        await boris.presses_address(forged.pack())
    async with desk.vault() as session:
        assert await session.get(Setting, hours.NAME) is None


async def test_a_stranger_and_a_forged_button_set_no_hours(desk: Desk, olga: Someone, mallory: Someone) -> None:
    await mallory.writes("/start")
    for shut in (WorkingHours(), SetWeek(last=4, begins=0, ends=60), DaysOff(), WorkingDay(day=0)):
        await mallory.presses_address(shut.pack())
    await olga.writes("/start")
    for wild in (SetDay(day=9, begins=1, ends=2), SetDay(day=0, begins=-5, ends=9**9), OpenDay(day=-7, sure=True)):
        await olga.presses_address(wild.pack())
    async with desk.vault() as session:
        assert await session.get(Setting, hours.NAME) is None


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("9-18", [(9, 18)]),
        ("9-13, 14-18", [(9, 13), (14, 18)]),
        ("14-18; 9-13", [(9, 13), (14, 18)]),
        ("9am to 1pm and 2pm to 6pm", [(9, 13), (14, 18)]),
        ("с 9 до 13 и с 14 до 18", [(9, 13), (14, 18)]),
        ("von 9 bis 13 und 14 bis 18 Uhr", [(9, 13), (14, 18)]),
        ("de 9h00 à 13h00 et de 14h00 à 18h00", [(9, 13), (14, 18)]),
        ("6pm-2am", [(18, 26)]),
        ("10-24", [(10, 24)]),
        ("0-24", [(0, 24)]),
    ],
)
def test_hours_of_a_day_are_read_as_people_write_them(text: str, spans: list[tuple[int, int]]) -> None:
    assert hours.read(text) == tuple(Hours(begins * 60, ends * 60) for begins, ends in spans)


@given(st.text(max_size=40) | st.text("0123456789-,: ", max_size=20))
def test_no_text_breaks_the_reading_of_a_day(text: str) -> None:
    try:
        day = hours.read(text)
    except Invalid:
        return
    assert all(0 <= one.begins < DAY and one.begins < one.ends <= one.begins + DAY for one in day)
