"""Olga sees how far the past of her account is read, holds it up, and has it read in Telegram's export mode."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from crm import past
from crm.access import enter
from crm.errors import NotAllowed
from sandbox.mtproto import Rate
from storage.accounts import UserbotSession
from tests.devices import Linkable, linkable
from tests.people import OLGA, PATIENCE
from tests.test_safety import until_state

LINES = 450  # more than four pages


@pytest.fixture
async def world(furnished: Path, tmp_path: Path) -> AsyncIterator[Linkable]:
    async with linkable(furnished, tmp_path) as world:
        for number in range(LINES):
            world.desk.world.send(world.desk.people["Anna"].id, OLGA, f"line {number}")
        yield world


async def looks(world: Linkable) -> str:
    await world.olga.writes("/accounts")
    await world.olga.presses(world.olga.who.name)
    return world.olga.screen


async def sees(world: Linkable, *words: str) -> None:
    """Olga looks until she reads it: what a device does announces itself to nobody."""
    async with asyncio.timeout(PATIENCE):
        while not _all_in(words, await looks(world)):  # noqa: ASYNC110  see above
            await asyncio.sleep(0.05)


def _all_in(words: Iterable[str], screen: str) -> bool:
    return all(one in screen for one in words)


async def device(world: Linkable) -> UserbotSession:
    async with world.desk.vault() as session:
        return (await session.exec(select(UserbotSession))).one()


async def test_progress_is_told_in_messages_while_the_past_is_read(world: Linkable) -> None:
    world.server.history_rate = Rate(2, 3600)
    await world.links()
    await sees(world, "Past: waits 3,", "44% read")
    world.server.history_rate = None
    await world.desk.app.devices.wake()
    await sees(world, "Past: read to its beginning")
    assert len(await world.desk.mirrored()) == LINES


async def test_the_past_is_held_up_and_gone_on_with_while_what_is_new_comes_in(world: Linkable) -> None:
    world.server.history_rate = Rate(2, 3600)
    await world.links()
    await sees(world, "44% read")
    await world.olga.presses("Pause the past")
    assert "44% read, and paused" in world.olga.screen
    assert "no connection" not in world.olga.screen
    world.server.history_rate = None
    world.desk.world.send(world.desk.people["Anna"].id, OLGA, "just now")
    async with asyncio.timeout(PATIENCE):
        while "just now" not in await world.desk.mirrored():  # noqa: ASYNC110  as in `sees`
            await asyncio.sleep(0.05)
    assert len(await world.desk.mirrored()) < LINES
    await world.desk.stop()
    await world.desk.start()
    await sees(world, "and paused")
    await world.olga.presses("Go on reading")
    await sees(world, "Past: read to its beginning")
    assert len(await world.desk.mirrored()) == LINES + 1


async def test_telegram_s_export_mode_begins_by_itself_when_telegram_lets_it(
    world: Linkable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "LONG", 100)
    world.server.history_rate, world.server.takeout_delay = Rate(2, 3600), timedelta(days=1)
    await world.links()
    await sees(world, "44% read")
    await world.olga.presses("export mode")
    assert "It only reads" in world.olga.screen
    await world.olga.presses("Ask Telegram for it")
    assert await world.olga.sees("It begins then by itself")
    await sees(world, "export mode begins by itself on")
    world.desk.world.clock.advance(timedelta(hours=25))
    await world.desk.app.schedule.run("awake")  # which finds that time has passed
    await sees(world, "Past: read to its beginning")  # past the limit, which a takeout has not
    row = await device(world)
    assert (row.takeout_from, row.takeout_id) == (None, None)
    [authorization] = world.server.sessions_of(OLGA)
    assert authorization.takeout_id is None
    assert len(await world.desk.mirrored()) == LINES


async def test_an_export_that_telegram_has_forgotten_is_begun_anew(world: Linkable) -> None:
    world.server.history_rate = Rate(1, 3600)
    await world.links()
    await sees(world, "22% read")
    [authorization] = world.server.sessions_of(OLGA)
    async with world.desk.app.installation.vaults.open(1) as vault, vault.transaction() as session:
        row = (await session.exec(select(UserbotSession))).one()
        row.takeout_from, row.takeout_id = world.desk.world.clock.now(), 4711
        session.add(row)
    await world.desk.app.devices.wake()
    await sees(world, "Past: read to its beginning")
    assert authorization.takeout_id is None


async def test_boris_sees_how_far_it_is_and_changes_nothing(world: Linkable) -> None:
    await world.links()
    await until_state(world, "live")
    boris = world.desk.people["Boris"]
    async with enter(world.desk.app.installation, boris.id, 1) as seat:
        assert (await past.look(seat, world.desk.app.devices, OLGA)).roads.account.id == OLGA
        for act in (past.pause, past.take_out):
            with pytest.raises(NotAllowed):
                await act(seat, world.desk.app.devices, OLGA, on=True)
    assert (await device(world)).reading_paused_at is None
