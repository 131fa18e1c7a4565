"""Boris goes away, and nobody waits for him unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm import duty, members
from crm.access import enter
from crm.errors import CrmError
from handlers.buttons.duty import ComeBack, GoAway, OnDuty
from handlers.buttons.queues import Assign
from storage.conversations import Conversation
from storage.duty import Away
from tests.people import OLGA, Desk, Someone
from tests.test_digest import until

MONDAY, FRIDAY = 0, 4


async def answers(desk: Desk) -> int | None:
    """Who is to answer Anna."""
    async with desk.vault() as session:
        return (await session.get_one(Conversation, 1)).assignee_id


async def is_given_anna(olga: Someone, boris: Someone, anna: Someone) -> None:
    """Anna waits, and Boris is to answer."""
    await anna.writes("Have you got roses?", to=olga)
    await olga.presses_address(Assign(id=1, to=boris.id).pack())
    await boris.writes("/settings")
    await boris.presses("On duty")


async def minute_passes(desk: Desk, by: timedelta) -> None:
    """Time goes on, and what is due is done."""
    desk.world.clock.advance(by)
    await desk.app.schedule.run("what rests")
    await desk.settled()


async def test_boris_goes_away_until_monday_and_anna_is_nobodys(
    desk: Desk, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await olga.writes("/start")
    desk.world.clock.advance(until(desk, 12, weekday=FRIDAY))
    await is_given_anna(olga, boris, anna)
    assert "is on duty" in boris.screen
    await boris.presses("On Monday")
    assert "is away. Back: Monday" in boris.screen
    assert "1 waiting client is nobody's now" in boris.screen
    assert await answers(desk) is None
    await olga.presses_address(Assign(id=1).pack())
    assert "💤 Boris" in olga.buttons
    await minute_passes(desk, until(desk, 10, weekday=MONDAY))
    assert "You are on duty again" in boris.screen
    assert await answers(desk) is None  # after a weekend it is not his any more
    told = len(boris.chat)
    await minute_passes(desk, timedelta(minutes=1))
    assert len(boris.chat) == told


async def test_a_slip_of_the_finger_costs_boris_nothing(
    desk: Desk, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await olga.writes("/start")
    await is_given_anna(olga, boris, anna)
    await boris.presses("No end yet")
    assert await answers(desk) is None
    await boris.presses("Back on duty")
    assert "1 waiting client was given back" in boris.screen
    assert await answers(desk) == boris.id


async def test_whom_olga_took_meanwhile_stays_hers(desk: Desk, olga: Someone, boris: Someone, anna: Someone) -> None:
    await olga.writes("/start")
    await is_given_anna(olga, boris, anna)
    await boris.presses("No end yet")
    await olga.presses_address(Assign(id=1, to=olga.id).pack())
    await boris.presses("Back on duty")
    assert await answers(desk) == olga.id


async def test_olga_sends_boris_away_and_he_is_told(desk: Desk, olga: Someone, boris: Someone, anna: Someone) -> None:
    await olga.writes("/team")
    await is_given_anna(olga, boris, anna)
    await olga.writes("/team")
    await olga.presses("Boris")
    await olga.presses("On duty")
    await olga.presses("No end yet")
    await desk.settled()
    assert "has marked you as away. 1 waiting client is nobody's now" in boris.screen
    await olga.presses("Back on duty")
    await desk.settled()
    assert "You are on duty again" in boris.screen
    assert await answers(desk) == boris.id


async def test_who_has_left_the_team_is_not_away(desk: Desk, olga: Someone, boris: Someone, anna: Someone) -> None:
    await olga.writes("/start")
    await is_given_anna(olga, boris, anna)
    await boris.presses("On Monday")
    async with enter(desk.app.installation, OLGA, 1) as owner:
        await members.remove(owner, boris.id)
        assert await duty.away(owner) == set()


async def test_boris_and_a_stranger_send_nobody_away(
    desk: Desk, olga: Someone, boris: Someone, mallory: Someone
) -> None:
    await mallory.writes("/start")
    await boris.writes("/start")
    for forged in (OnDuty(), GoAway(id=olga.id), ComeBack(id=olga.id)):
        await mallory.presses_address(forged.pack())
        await boris.presses_address(forged.pack())
    async with desk.vault() as session:
        assert await session.get(Away, olga.id) is None
    async with enter(desk.app.installation, OLGA, 1) as owner:
        with pytest.raises(CrmError):
            await duty.go(owner, mallory.id, None)
