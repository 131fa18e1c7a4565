"""Answers that leave later: at their time and once, held back in time, and told of where the client was faster."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm import members, workspaces
from crm.access import enter
from tests.people import OLGA, Desk, Someone
from tests.test_replies import heard, prepares

VERA = 5_200_000_003


async def passes(desk: Desk, **time: float) -> None:
    """Time, and what is to be done at its end."""
    desk.world.clock.advance(timedelta(**time))
    await desk.app.schedule.run("answers to leave")
    await desk.settled()


async def puts_off(member: Someone, client: Someone, text: str = "Good morning!") -> None:
    """By an hour."""
    await prepares(member, client, text)
    await member.presses("Send later")
    await member.presses("In an hour")


async def test_an_answer_leaves_at_its_time_and_once(desk: Desk, olga: Someone, anna: Someone, boris: Someone) -> None:
    await anna.writes("Tomorrow?", to=olga)
    await puts_off(boris, anna)
    assert "Leaves by itself" in boris.screen
    await passes(desk, minutes=59)
    assert heard(anna, olga) == []
    await passes(desk, minutes=2)
    assert heard(anna, olga) == ["Good morning!"]
    assert "Sent" in boris.screen
    await passes(desk, days=1)
    assert heard(anna, olga) == ["Good morning!"]


async def test_an_answer_leaves_once_though_wysper_was_off_at_its_time(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Tomorrow?", to=olga)
    await puts_off(boris, anna)
    await desk.stop()
    desk.world.clock.advance(timedelta(hours=3))
    await desk.start()
    await desk.settled()
    await passes(desk, minutes=1)
    assert heard(anna, olga) == ["Good morning!"]
    await desk.stop()
    await desk.start()
    await passes(desk, minutes=1)
    assert heard(anna, olga) == ["Good morning!"]


@pytest.mark.parametrize("then", ["2027-03-28 07:00", "2027-10-31 08:00"])
async def test_an_answer_for_nine_leaves_at_nine_though_the_clocks_change_at_night(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone, then: str
) -> None:
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await workspaces.set_zone(seat, "Europe/Berlin")
    nine = datetime.fromisoformat(then).replace(tzinfo=UTC)
    desk.world.clock.advance(nine - timedelta(hours=20) - desk.world.clock.now())
    await anna.writes("Tomorrow?", to=olga)
    await prepares(boris, anna, "Good morning!")
    await boris.presses("Send later")
    await boris.writes("tomorrow at 9")
    assert "9:00" in boris.screen
    await boris.presses("Yes, let it leave then")
    await passes(desk, hours=19.9)
    assert heard(anna, olga) == []
    await passes(desk, hours=0.2)
    assert heard(anna, olga) == ["Good morning!"]


async def test_a_scheduled_answer_is_cancelled_in_time(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Is it ready?", to=olga)
    await puts_off(boris, anna, "It will be ready on Friday.")
    await boris.writes("/start")
    await boris.presses("Leaving later (1)")
    await boris.presses("It will be ready")
    await boris.presses("Keep it back")
    await passes(desk, hours=2)
    assert heard(anna, olga) == []
    assert "It will be ready on Friday." in boris.screen
    await boris.presses("Send")
    assert heard(anna, olga) == ["It will be ready on Friday."]


async def test_an_answer_that_waits_is_changed_and_keeps_its_time(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Is it ready?", to=olga)
    await puts_off(boris, anna, "On Friday.")
    await boris.presses("Change")
    await boris.writes("On Saturday.")
    assert "Leaves by itself" in boris.screen
    await passes(desk, hours=2)
    assert heard(anna, olga) == ["On Saturday."]


async def test_who_wrote_an_answer_is_told_that_the_client_was_faster_and_may_hold_it_back(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Red?", to=olga)
    await puts_off(boris, anna, "Red it is.")
    desk.world.clock.advance(timedelta(minutes=59))
    await anna.writes("No, blue!", to=olga)
    await passes(desk, minutes=2)
    assert heard(anna, olga) == []
    assert "has written, and your answer is to leave" in boris.screen
    await boris.presses("Keep it back")
    await passes(desk, hours=1)
    assert heard(anna, olga) == []


async def test_an_answer_that_was_overtaken_and_left_alone_leaves_a_little_later(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Red?", to=olga)
    await puts_off(boris, anna, "Red it is.")
    await anna.writes("Hello?", to=olga)
    await passes(desk, hours=1)
    await passes(desk, minutes=6)
    assert heard(anna, olga) == ["Red it is."]


async def test_a_moment_is_written_in_words_and_agreed_to(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Tomorrow?", to=olga)
    await prepares(boris, anna, "Yes!")
    await boris.presses("Send later")
    await boris.writes("whenever")
    assert "When is it to leave?" in boris.screen
    await boris.writes("in 2 hours")
    assert "Is this right?" in boris.screen
    await passes(desk, hours=3)
    assert heard(anna, olga) == []
    await boris.presses("Another time")
    await boris.writes("in 2 hours")
    await boris.presses("Yes, let it leave then")
    await passes(desk, hours=3)
    assert heard(anna, olga) == ["Yes!"]


async def test_an_answer_that_finds_its_road_closed_becomes_a_task_and_is_rescued(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Is it ready?", to=olga)
    await puts_off(boris, anna, "Come on Friday.")
    desk.world.disconnect_business(olga.id)
    await passes(desk, hours=2)
    assert heard(anna, olga) == []
    assert "Not sent" in boris.screen
    await olga.connects_business()
    await boris.writes("/start")
    await boris.presses("Not sent (1)")
    await boris.presses("Come on Friday.")
    await boris.presses("Send again")
    assert heard(anna, olga) == ["Come on Friday."]
    await boris.writes("/outgoing")
    assert "Every answer has left" in boris.screen


async def test_a_viewer_and_a_stranger_see_no_answers(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone, mallory: Someone
) -> None:
    vera = desk.people["Vera"]
    await anna.writes("Hi", to=olga)
    await puts_off(boris, anna, "The secret is out.")
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, VERA, "viewer")
    for outsider in (vera, mallory):
        for address in ("rp:later:0:0", "rt:1:0", "rk:1"):
            await outsider.writes("/start")
            await outsider.presses_address(address)
            assert "secret" not in outsider.screen
    await passes(desk, hours=2)
    assert heard(anna, olga) == ["The secret is out."]
