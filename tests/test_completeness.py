"""Olga asks what she has of her conversations, and is told nothing that cannot be known."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.clock import SystemClock
from crm.access import enter_room
from crm.accounts import Connection, connect_business
from crm.seen import Peer
from tests.lives import lives
from tests.people import OLGA, Desk, Someone
from tests.soak.ledger import contents
from tests.soak.soak import hour


async def looks_at_completeness(olga: Someone) -> str:
    await olga.writes("/status")
    await olga.presses("What is kept, and what is not")
    return olga.screen


async def test_through_business_alone_what_came_before_the_connection_is_said_to_be_unknown(
    olga: Someone, anna: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes("/contacts")
    await olga.presses("Anna")
    assert "when the account was connected; what came before is not known" in olga.screen
    assert "✓" not in olga.screen
    screen = await looks_at_completeness(olga)
    assert "through Telegram Business since" in screen
    assert "Telegram does not say which" in screen
    assert "No gap is known" in screen


async def test_a_connection_that_was_taken_off_and_made_again_leaves_a_gap_on_the_card(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("before", to=olga)
    desk.world.disconnect_business(OLGA)
    await desk.settled()
    await olga.writes("/contacts")
    await olga.presses("Anna")
    assert "Nothing is heard since" in olga.screen
    await anna.writes("unheard", to=olga)
    desk.world.clock.advance(timedelta(days=2))
    await olga.connects_business()
    await olga.writes("/contacts")
    await olga.presses("Anna")
    assert "Telegram Business was taken off. What was written then is not known." in olga.screen
    assert "Olga</b>: " not in olga.screen
    assert "Telegram Business was taken off" in await looks_at_completeness(olga)
    assert await desk.mirrored() == ["before"]


async def test_what_telegram_dropped_while_the_machine_slept_is_a_gap_and_a_night_is_none(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await desk.app.schedule.run("awake")
    desk.world.clock.advance(timedelta(hours=20))
    await desk.app.schedule.run("awake")
    assert "No gap is known" in await looks_at_completeness(olga)
    desk.world.clock.advance(timedelta(hours=30))
    await desk.app.schedule.run("awake")
    assert "which keeps nothing for longer than 24 hours" in await looks_at_completeness(olga)


async def test_what_telegram_dropped_while_it_was_out_of_reach_is_a_gap(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    hearing = desk.app.intake.hearing
    await desk.app.schedule.run("awake")
    desk.world.faults.on("bot_api_down", method="getUpdates")
    await anna.writes("Hello", to=olga)  # which ends the question that was already asked
    async with asyncio.timeout(10):
        while hearing.is_set():  # noqa: ASYNC110  nothing announces that it fails
            await asyncio.sleep(0.01)
    desk.world.clock.advance(timedelta(hours=30))
    await desk.app.schedule.run("awake")
    desk.world.faults.off()
    async with asyncio.timeout(30):
        await hearing.wait()
    await desk.app.schedule.run("awake")
    assert "which keeps nothing for longer than 24 hours" in await looks_at_completeness(olga)


async def test_a_clock_that_was_set_right_hides_nothing_that_telegram_dropped_later(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await desk.stop()
    async with lives(desk.config) as wysper:
        await wysper.begin()
        wysper.set_clock(timedelta(hours=5))
        await wysper.does(hour)
        wysper.set_clock(timedelta())
        await wysper.does(hour)
        await wysper.end()
        wysper.set_clock(timedelta(hours=30))
        await wysper.begin()
        while not (gaps := (await wysper.does(contents)).gaps):  # noqa: ASYNC110  it is written down after the start
            await asyncio.sleep(0.05)
    (gap,) = gaps
    assert gap.begun_at
    assert abs(gap.begun_at - SystemClock().now()) < timedelta(hours=1)


async def test_many_gaps_are_shown_page_by_page(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    user, rights = Peer(OLGA, "Olga"), {"can_reply": True, "can_read_messages": True}
    for number in range(12):
        for enabled in (False, True):
            desk.world.clock.advance(timedelta(minutes=5))
            connection = Connection(f"c{number}{enabled}", user, OLGA, enabled, desk.world.clock.now(), rights)
            async with enter_room(desk.app.installation, 1) as room:
                await connect_business(room, connection)
    await olga.writes("/help")  # what the bot has to say of the connections comes first
    assert (await looks_at_completeness(olga)).count("taken off") == 10
    await olga.presses("›")
    assert olga.screen.count("taken off") == 2
    await olga.writes("/contacts")
    await olga.presses("Anna")
    assert "More gaps are listed under /status" in olga.screen
