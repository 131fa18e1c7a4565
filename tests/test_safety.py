"""What the owner sees of a linked device, and the brakes that are in her hands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.mtproto.authorization import Authorization
from tests.devices import Linkable, linkable
from tests.people import OLGA, PATIENCE


@pytest.fixture
async def world(furnished: Path, tmp_path: Path) -> AsyncIterator[Linkable]:
    async with linkable(furnished, tmp_path) as world:
        yield world


async def until(happened: Callable[[], bool]) -> None:
    """Wait for what a connection does, which announces itself to nobody."""
    async with asyncio.timeout(PATIENCE):
        while not happened():  # noqa: ASYNC110  see above
            await asyncio.sleep(0.02)


async def until_state(world: Linkable, state: str) -> None:
    await until(lambda: world.desk.app.devices.state(1, OLGA) == state)


def second_phone(world: Linkable) -> Authorization:
    """Olga's tablet, on which she is signed in as well."""
    tablet = Authorization(b"\1" * 256, 0, world.desk.world.clock.now(), world.desk.world.clock.now())
    tablet.device.model = "Olga's tablet"
    tablet.sign_in(OLGA, world.desk.world.clock.now())
    world.server.authorizations[tablet.key_id] = tablet
    return tablet


async def test_olga_sees_how_her_device_stands_with_telegram(world: Linkable) -> None:
    await world.links()
    await until_state(world, "live")
    second_phone(world)
    await world.opens_safety()
    screen = world.olga.screen
    for words in ("Authorised, linked since", "Connection: live", "Wysper", "1 other device is logged in", "tablet"):
        assert words in screen
    assert "risk mark: none" in screen
    assert "has not asked it to wait" in screen
    world.server.at_risk.add(OLGA)
    await world.olga.presses("Refresh")
    assert "marked as using an unofficial client" in world.olga.screen


async def test_a_flood_wait_is_obeyed_shown_and_counted(world: Linkable) -> None:
    world.desk.world.send(world.desk.people["Anna"].id, OLGA, "Hello")
    world.desk.world.faults.on("mtproto_flood", seconds=3600, times=1, method="messages.getHistory")
    await world.links()
    await until_state(world, "waiting")
    await world.opens_safety()
    assert "as Telegram asked; 0% read" in world.olga.screen
    assert "1 time, 3,600 s in all" in world.olga.screen


async def test_a_paused_device_hangs_up_stays_linked_and_reads_what_it_missed_when_it_resumes(world: Linkable) -> None:
    await world.links()
    await until_state(world, "live")
    await world.opens_safety()
    await world.olga.presses("Pause")
    assert "Paused since" in world.olga.screen
    [device] = world.server.sessions_of(OLGA)
    await until(lambda: not device.online)
    world.desk.world.send(world.desk.people["Anna"].id, OLGA, "Anybody?")
    await world.desk.stop()
    await world.desk.start()
    await world.olga.writes("/status")
    assert "Linked device: paused" in world.olga.screen
    await world.olga.writes("/menu")
    assert "the linked device is paused" in world.olga.screen
    assert not device.online
    assert await world.desk.mirrored() == []
    await world.opens_safety()
    await world.olga.presses("Resume")
    async with asyncio.timeout(PATIENCE):
        while await world.desk.mirrored() != ["Anybody?"]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_everything_else_is_logged_out_after_a_question_and_not_on_the_first_day(world: Linkable) -> None:
    await world.links()
    await until_state(world, "live")
    tablet = second_phone(world)
    await world.opens_safety()
    await world.olga.presses("Log out everywhere else")
    assert "yours too" in world.olga.screen
    assert tablet.person_id == OLGA
    await world.olga.presses("Log out everywhere else")
    assert "a day after it was linked" in world.olga.screen + world.olga.alert
    assert tablet.person_id == OLGA
    world.desk.world.clock.advance(timedelta(days=2))
    await world.opens_safety()
    await world.olga.presses("Log out everywhere else")
    await world.olga.presses("Log out everywhere else")
    assert "Done" in world.olga.screen
    assert tablet.person_id is None
    assert len(world.server.sessions_of(OLGA)) == 1


async def test_the_device_is_logged_out_from_its_page(world: Linkable) -> None:
    await world.links()
    await world.opens_safety()
    await world.olga.presses("Log this device out")
    assert "nothing new comes in" in world.olga.screen
    await world.olga.presses("Log out")
    assert "Logged out" in world.olga.screen
    assert world.server.sessions_of(OLGA) == []


async def test_a_key_that_is_used_twice_ends_the_device_with_a_clear_word_and_no_other_try(world: Linkable) -> None:
    await world.links()
    await until_state(world, "live")
    world.desk.world.faults.on("session_duplicated", times=1)
    assert await world.olga.sees("its key was used from two places at once")
    await until_state(world, "revoked")
    await world.desk.settled()
    assert sum("two places" in message.text for message in world.olga.chat) == 1
    await world.opens_safety()
    assert "Not authorised" in world.olga.screen


async def test_a_frozen_account_pauses_its_device_and_its_owner_is_told(world: Linkable) -> None:
    await world.links()
    await until_state(world, "live")
    world.desk.world.faults.on("account_frozen")
    assert await world.olga.sees("has frozen the account")
    await until_state(world, "paused")
    await world.opens_safety()
    assert "Telegram has frozen this account" in world.olga.screen
    world.desk.world.faults.off("account_frozen")
    await world.olga.presses("Resume")
    await until_state(world, "live")
    await world.olga.presses("Refresh")
    assert "frozen" not in world.olga.screen


async def test_an_agent_and_a_stranger_reach_neither_the_page_nor_the_brakes(world: Linkable) -> None:
    await world.links()
    await until_state(world, "live")
    for name in ("Boris", "Mallory"):
        person = world.desk.people[name]
        await person.writes("/start")
        for address in (f"ds:{OLGA}", f"dp:{OLGA}:1", f"do:{OLGA}:1", f"an:{OLGA}:1"):
            await person.presses_address(address)
            assert "Linked device of" not in person.screen
    assert world.desk.app.devices.state(1, OLGA) == "live"
    assert len(world.server.sessions_of(OLGA)) == 1
