"""Two roads, one account: what is said of its health, and how one road carries on where the other fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from crm.roads import Health, Roads
from handlers.screens.roads import advice, health, light
from storage.accounts import Account, BusinessConnection, UserbotSession
from tests.devices import Linkable, linkable
from tests.people import OLGA, PATIENCE, Someone

THEN = datetime(2026, 5, 3, 14, 2, tzinfo=UTC)
RIGHTS = {"can_reply": True, "can_read_messages": True}


@pytest.fixture
async def world(furnished: Path, tmp_path: Path) -> AsyncIterator[Linkable]:
    async with linkable(furnished, tmp_path) as world:
        yield world


async def until_state(world: Linkable, state: str) -> None:
    """Wait for what a connection does, which announces itself to nobody."""
    async with asyncio.timeout(PATIENCE):
        while world.desk.app.devices.state(1, OLGA) != state:  # noqa: ASYNC110  see above
            await asyncio.sleep(0.02)


async def looks_at_her_account(olga: Someone) -> str:
    await olga.writes("/accounts")
    await olga.presses("Olga")
    return olga.screen


def business(kind: str) -> BusinessConnection | None:
    rights = {} if kind == "mute" else RIGHTS
    row = BusinessConnection(
        account_id=1,
        connection_id="c",
        user_chat_id=1,
        enabled=kind != "off",
        rights=rights,
        connected_at=THEN,
        changed_at=THEN,
    )
    return row if kind != "none" else None


def device(kind: str) -> UserbotSession | None:
    row = UserbotSession(
        account_id=1,
        dc_id=2,
        server_address="",
        port=1,
        auth_key=b"",
        state="revoked" if kind in {"revoked", "unlinked"} else "linked",
        reason={"unlinked": "unlinked", "frozen": "FROZEN_METHOD_INVALID"}.get(kind),
        paused_at=THEN if kind in {"paused", "frozen"} else None,
        linked_at=THEN,
        changed_at=THEN,
    )
    return row if kind != "none" else None


BUSINESS = ("none", "off", "mute", "well")
DEVICES = ("none", "unlinked", "revoked", "paused", "frozen", "connecting", "offline", "off", "waiting", "live")


@pytest.mark.parametrize(("official", "linked", "leaving"), list(product(BUSINESS, DEVICES, (False, True))))
def test_every_pair_of_roads_has_a_line_that_is_true(official: str, linked: str, *, leaving: bool) -> None:
    roads = Roads(Account(id=1, connected_at=THEN), business(official), device(linked), linked, leaving, THEN)
    comes_in = not leaving and (official in {"mute", "well"} or linked in {"live", "waiting"})
    assert roads.live == comes_in
    words = health(roads)
    assert ("nothing" in words or roads.health is Health.CONNECTING) != comes_in
    assert (light(roads) in {"🟢", "🟡"}) == (comes_in or roads.health is Health.CONNECTING)
    assert "2:02" in words or leaving
    needs_nothing = {Health.LEAVING, Health.BOTH, Health.BUSINESS, Health.DEVICE, Health.CONNECTING}
    assert bool(advice(roads.health)) == (roads.health not in needs_nothing)


async def test_each_missing_right_is_named_with_what_it_costs_and_where_it_is_granted(olga: Someone) -> None:
    await olga.writes("/start")
    await olga.connects_business(rights=set())
    screen = await looks_at_her_account(olga)
    assert "Not allowed: Read messages, so Wysper cannot read along" in screen
    assert "Not allowed: Reply to messages, so nothing can be answered from here by this road" in screen
    assert screen.count("Settings › Telegram Business › Chatbots › Wysper's bot") == 2


async def test_a_paused_device_is_nowhere_called_live(world: Linkable) -> None:
    world.desk.world.send(world.desk.people["Anna"].id, OLGA, "Hello")
    await world.links()
    await until_state(world, "live")
    assert "live since" in await looks_at_her_account(world.olga)
    await world.opens_safety()
    await world.olga.presses("Pause")
    screen = await looks_at_her_account(world.olga)
    assert "nothing comes in: the linked device is paused since" in screen
    assert "Resume the device" in world.olga.buttons
    assert "Resume the device" in screen
    assert "live since" not in screen
    await world.olga.writes("/status")
    await world.olga.presses("What is kept")
    assert "but not now: its linked device is not connected" in world.olga.screen
    assert "ive since" not in world.olga.screen


async def test_when_telegram_business_is_taken_off_the_device_carries_on_and_olga_is_told(world: Linkable) -> None:
    await world.links()
    await until_state(world, "live")
    await world.olga.connects_business()
    assert "new messages come in by both roads" in await looks_at_her_account(world.olga)
    world.desk.world.disconnect_business(OLGA)
    assert await world.olga.sees("The linked device carries on: new messages come in")
    assert "was taken off on" in await looks_at_her_account(world.olga)


async def test_when_the_device_is_logged_out_telegram_business_carries_on_and_olga_is_told(world: Linkable) -> None:
    await world.olga.connects_business()
    await world.links()
    await until_state(world, "live")
    world.desk.world.faults.on("session_revoked", times=1)
    world.desk.world.faults.on("mtproto_cut", times=1)
    assert await world.olga.sees("Telegram Business carries on: new messages come in as before.")
    screen = await looks_at_her_account(world.olga)
    assert "was logged out on" in screen
    assert "Link it again" not in screen.split("\n")[1]


async def test_olga_is_told_once_when_the_only_road_to_an_account_is_down_for_long(world: Linkable) -> None:
    await world.links()
    await until_state(world, "live")
    world.desk.world.faults.on("mtproto_refused")
    world.desk.world.faults.on("mtproto_cut", times=1)
    await until_state(world, "offline")
    schedule, clock = world.desk.app.schedule, world.desk.world.clock
    clock.advance(timedelta(minutes=50))
    await schedule.run("silent accounts")
    clock.advance(timedelta(minutes=20))
    await schedule.run("silent accounts")
    assert await world.olga.sees("its linked device does not reach Telegram")
    await schedule.run("silent accounts")
    await world.olga.writes("/accounts")
    assert sum("does not reach Telegram. It tries on" in one.text for one in world.olga.chat) == 1
    world.desk.world.faults.off("mtproto_refused")
    await world.olga.connects_business()  # another road: nothing is silent any more
    clock.advance(timedelta(hours=3))
    await schedule.run("silent accounts")
    await world.olga.writes("/accounts")
    assert sum("does not reach Telegram. It tries on" in one.text for one in world.olga.chat) == 1


async def test_an_agent_is_shown_the_health_and_no_way_to_change_it(boris: Someone) -> None:
    await boris.writes("/accounts")
    await boris.presses("Olga")
    assert "new messages come in through Telegram Business" in boris.screen
    assert boris.buttons == ["‹ Back"]
