"""Olga clears her desk of whom she need not see, and finds them again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.buttons.aside import AsideList, MoreCard, SetAside
from handlers.screens import LIMIT, fit
from storage.contacts import Contact
from storage.conversations import Conversation
from tests.people import Desk, Someone


async def waits(desk: Desk) -> bool:
    async with desk.vault() as session:
        return (await session.exec(select(Conversation))).one().waiting_since is not None


async def sets_aside(olga: Someone, how: str) -> None:
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("More")
    await olga.presses(how)


async def test_an_archived_contact_leaves_the_list_and_still_waits_when_it_writes(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await sets_aside(olga, "Archive")
    await olga.writes("/contacts")
    assert not any("Anna" in label for label in olga.buttons)
    await olga.presses("Set aside")
    await olga.presses("Anna")
    await olga.presses("‹ Back")
    assert "Archived" in olga.screen
    assert any("Anna" in label for label in olga.buttons)
    await anna.writes("Hello?", to=olga)
    assert await waits(desk)


@pytest.mark.parametrize("how", ["Block", "Not a client"])
async def test_whoever_is_no_matter_of_the_desk_is_mirrored_and_never_waits(
    desk: Desk, olga: Someone, anna: Someone, how: str
) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await sets_aside(olga, how)
    assert not await waits(desk)
    await anna.writes("Hello?", to=olga)
    assert await desk.mirrored() == ["Do you have roses?", "Hello?"]
    assert not await waits(desk)
    await olga.presses("Undo")
    assert await waits(desk)
    await olga.writes("/contacts")
    assert any("Anna" in label for label in olga.buttons)


async def test_what_was_put_off_tells_nobody_once_it_is_blocked(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await olga.writes("/waiting")
    await olga.presses("Anna")
    await olga.presses("Waits")
    await olga.presses("Put off")
    await olga.presses("Tomorrow")
    await sets_aside(olga, "Block")
    told = len(olga.chat)
    desk.world.clock.advance(timedelta(days=2))
    await desk.app.schedule.run("what rests")
    await desk.settled()
    assert len(olga.chat) == told
    assert not await waits(desk)


def test_a_screen_never_outgrows_one_message() -> None:
    lines = [f"<b>{'я' * 900}</b> &amp;" for _ in range(9)] + ["short"]
    fitted = fit(lines)
    assert fitted.endswith("short")
    assert len(fitted.replace("<b>", "").replace("</b>", "")) <= LIMIT


async def test_mallory_sets_nobody_aside(desk: Desk, olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await mallory.writes("/start")
    buttons = (MoreCard(id=1), SetAside(id=1, how="blocked"), AsideList())
    for one in buttons:
        answer = await mallory.presses_address(one.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    async with desk.vault() as session:
        contact = (await session.exec(select(Contact))).one()
    assert contact.aside is None
