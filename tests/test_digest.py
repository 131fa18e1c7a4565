"""A morning at the shop: who wants it is told what waits."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from crm import members
from crm.access import enter
from handlers.buttons.digest import MorningDigest, ShowDigest, WantDigest
from tests.people import OLGA, Desk, Someone

ZONE = ZoneInfo("UTC")
EIGHT = 8 * 60


def until(desk: Desk, hour: int, *, weekday: int | None = None) -> timedelta:
    """How long it takes until the clock shows this hour, on a day of the week."""
    now = desk.world.clock.now().astimezone(ZONE)
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    while then <= now or (weekday is not None and then.weekday() != weekday):
        then += timedelta(days=1)
    return then - now


async def morning(desk: Desk, hour: int, *, weekday: int | None = None) -> None:
    """It is that time of day."""
    desk.world.clock.advance(until(desk, hour, weekday=weekday))
    await desk.app.schedule.run("mornings")
    await desk.settled()


async def wants_it(somebody: Someone) -> None:
    """Ask for it at eight."""
    await somebody.writes("/settings")
    await somebody.presses("Morning digest")
    await somebody.presses("8:00")
    assert "every day at 8:00" in somebody.screen


async def test_olga_is_told_each_morning_who_waits(desk: Desk, olga: Someone, anna: Someone) -> None:
    await wants_it(olga)
    await morning(desk, 5, weekday=1)
    await anna.writes("Have you got roses?", to=olga)
    before = len(olga.chat)
    await morning(desk, 8)
    assert "1 waits for an answer" in olga.screen
    assert "Anna" in olga.screen
    assert "1 message from clients, 1 new contact" in olga.screen
    assert len(olga.chat) == before + 1
    await desk.app.schedule.run("mornings")  # the same minute once more, and the day goes on
    await morning(desk, 11)
    assert len(olga.chat) == before + 1
    await morning(desk, 8)
    assert len(olga.chat) == before + 2
    await olga.presses("Who waits")
    assert "Anna" in " ".join(olga.buttons)


async def test_a_morning_without_work_says_so(olga: Someone) -> None:
    await olga.writes("/digest")
    assert "Nobody waits" in olga.screen
    await olga.presses("When this comes")
    assert "You do not get it yet" in olga.screen
    await olga.presses("Show me now")
    assert "Nobody waits" in olga.screen


async def test_a_weekend_can_be_free_and_the_digest_unwanted(desk: Desk, olga: Someone) -> None:
    await wants_it(olga)
    await olga.presses("Not on Saturday")
    assert "from Monday to Friday" in olga.screen
    before = len(olga.chat)
    for saturday_and_sunday in (5, 6):
        await morning(desk, 8, weekday=saturday_and_sunday)
    assert len(olga.chat) == before
    await morning(desk, 8, weekday=0)
    assert len(olga.chat) == before + 1
    await olga.presses("When this comes")
    await olga.presses("No digest")
    await morning(desk, 8)
    assert len(olga.chat) == before + 1


async def test_a_digest_that_is_wanted_at_noon_for_eight_comes_tomorrow(desk: Desk, olga: Someone) -> None:
    desk.world.clock.advance(until(desk, 9))
    await wants_it(olga)
    before = len(olga.chat)
    await desk.app.schedule.run("mornings")
    await desk.settled()
    assert len(olga.chat) == before
    await morning(desk, 8)
    assert len(olga.chat) == before + 1


async def test_a_morning_that_was_slept_through_is_not_told_in_the_evening(desk: Desk, olga: Someone) -> None:
    await wants_it(olga)
    before = len(olga.chat)
    await morning(desk, 19)
    assert len(olga.chat) == before
    await morning(desk, 10)  # a late start is still a morning
    assert len(olga.chat) == before + 1


async def test_who_has_left_is_told_nothing(desk: Desk, boris: Someone) -> None:
    await wants_it(boris)
    before = len(boris.chat)
    async with enter(desk.app.installation, OLGA, 1) as owner:
        await members.remove(owner, boris.id)
    await desk.settled()
    told = len(boris.chat)
    await morning(desk, 8)
    assert len(boris.chat) == told >= before


async def test_a_stranger_is_told_nothing(desk: Desk, olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.writes("Have you got roses?", to=olga)
    await mallory.writes("/digest")
    assert "Anna" not in mallory.screen
    for forged in (MorningDigest(), ShowDigest(), WantDigest(at=EIGHT)):
        await mallory.presses_address(forged.pack())
    told = len(mallory.chat)
    await morning(desk, 8)
    assert len(mallory.chat) == told
