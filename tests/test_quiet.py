"""Olga sleeps: what comes unasked makes no sound."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import quiet
from crm.errors import Invalid
from crm.quiet import DAY, Hours
from handlers.buttons.queues import Assign
from handlers.buttons.quiet import KeepQuiet, OtherHours, QuietHours
from storage.quiet import QuietHours as Row
from tests.people import Desk, Someone
from tests.test_digest import until


async def sleeps(somebody: Someone, hours: str) -> None:
    """Choose quiet hours by writing them."""
    await somebody.writes("/settings")
    await somebody.presses("Quiet hours")
    await somebody.presses("Other hours")
    await somebody.writes(hours)


async def is_given_anna(desk: Desk, olga: Someone, boris: Someone) -> bool:
    """Olga gives Boris a client; whether his phone stayed silent."""
    await olga.presses_address(Assign(id=1, to=0).pack())
    desk.world.clock.advance(timedelta(minutes=1))
    told = len(boris.chat)
    await olga.presses_address(Assign(id=1, to=boris.id).pack())
    assert len(boris.chat) == told + 1
    return boris.newest.silent


async def test_a_notice_comes_without_a_sound_at_night(
    desk: Desk, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await anna.writes("Have you got roses?", to=olga)
    await olga.writes("/start")
    await boris.writes("/start")
    assert not await is_given_anna(desk, olga, boris)
    await sleeps(boris, "from 22:00 to 7:30")
    assert re.search(r"10:00.PM – 7:30.AM", boris.screen)
    desk.world.clock.advance(until(desk, 23))
    assert await is_given_anna(desk, olga, boris)
    desk.world.clock.advance(until(desk, 12))
    assert not await is_given_anna(desk, olga, boris)
    await boris.writes("/settings")
    await boris.presses("Quiet hours")
    await boris.presses("No quiet hours")
    assert "You have none" in boris.screen
    desk.world.clock.advance(until(desk, 23))
    assert not await is_given_anna(desk, olga, boris)


async def test_hours_that_nobody_understands_are_asked_for_again(desk: Desk, olga: Someone) -> None:
    await sleeps(olga, "when I sleep")
    assert "I do not understand these hours" in olga.screen
    await olga.writes("9pm-6am")
    assert re.search(r"9:00.PM – 6:00.AM", olga.screen)
    await olga.presses_address(KeepQuiet(begins=5000, ends=7).pack())
    async with desk.vault() as session:
        assert (await session.get(Row, olga.id)) is not None


async def test_a_stranger_chooses_no_hours(desk: Desk, mallory: Someone) -> None:
    await mallory.writes("/start")
    for forged in (QuietHours(), KeepQuiet(begins=1, ends=2), OtherHours()):
        await mallory.presses_address(forged.pack())
    async with desk.vault() as session:
        assert (await session.get(Row, mallory.id)) is None


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("22-8", 22 * 60, 8 * 60),
        ("22:00–08:30", 22 * 60, 8 * 60 + 30),
        ("с 23 до 7", 23 * 60, 7 * 60),
        ("von 21.15 bis 6.45 Uhr", 21 * 60 + 15, 6 * 60 + 45),
        ("de 22h30 à 7h00", 22 * 60 + 30, 7 * 60),
        ("10pm to 7 a.m.", 22 * 60, 7 * 60),
        ("12am-12pm", 0, 12 * 60),
        ("24-7", 0, 7 * 60),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, begins: int, ends: int) -> None:
    assert quiet.read(text) == Hours(begins, ends)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_hours(text: str) -> None:
    try:
        hours = quiet.read(text)
    except Invalid:
        return
    assert 0 <= hours.begins < DAY
    assert 0 <= hours.ends < DAY


@given(st.integers(0, DAY - 1), st.integers(0, DAY - 1), st.integers(0, DAY - 1))
def test_every_minute_is_quiet_or_its_opposite(begins: int, ends: int, minute: int) -> None:
    if begins != ends:
        assert Hours(begins, ends).hold(minute) != Hours(ends, begins).hold(minute)
