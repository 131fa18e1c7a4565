"""Olga picks groups under her linked account, reads them on her desk, and lets them go again."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from crm import members
from crm.access import enter
from sandbox.world import Group
from tests.devices import Linkable, linkable
from tests.people import CAST, OLGA, PATIENCE

HOSTILE = "<b>Florists</b> & \u202eevil"


@pytest.fixture
async def world(furnished: Path, tmp_path: Path) -> AsyncIterator[Linkable]:
    async with linkable(furnished, tmp_path) as world:
        await world.links()
        await until(live(world))
        yield world


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await happened():  # noqa: ASYNC110  what a device does announces itself to nobody
            await asyncio.sleep(0.02)


def live(world: Linkable) -> Callable[[], Awaitable[bool]]:
    async def is_live() -> bool:
        return world.desk.app.devices.state(1, OLGA) == "live"

    return is_live


def florists(world: Linkable, title: str = "Florists' circle", *, is_super: bool = True) -> Group:
    """A group of Anna's, in which Olga and Chen are."""
    people = world.desk.people
    return world.desk.world.make_group(people["Anna"].id, title, [OLGA, people["Chen"].id], is_super=is_super)


async def opens_groups(world: Linkable) -> None:
    await world.olga.writes("/accounts")
    await world.olga.presses(world.olga.who.name)
    await world.olga.presses("Groups")


async def picks(world: Linkable, title: str) -> None:
    await opens_groups(world)
    await world.olga.presses(title)
    await world.olga.presses("Mirror this group")


async def holds(world: Linkable, text: str) -> None:
    async def held() -> bool:
        return text in await world.desk.mirrored()

    await until(held)


async def test_olga_picks_a_group_after_reading_what_that_means_and_reads_it_with_its_writers(world: Linkable) -> None:
    group = florists(world)
    anna, chen = world.desk.people["Anna"], world.desk.people["Chen"]
    first = world.desk.world.send(anna.id, group.id, "Who has peonies?")
    world.desk.world.send(chen.id, group.id, "I do", reply_to=first.uid)
    await opens_groups(world)
    assert "No group is mirrored" in world.olga.screen
    assert any("Florists' circle · 3" in one for one in world.olga.buttons)
    await world.olga.presses("Florists' circle")
    assert "other people's messages" in world.olga.screen
    assert await world.desk.mirrored() == []
    await world.olga.presses("Mirror this group")
    assert "Mirrored since" in world.olga.screen
    await holds(world, "I do")
    await world.olga.writes("/contacts")
    assert [one for one in world.olga.buttons if "Florists" in one] == ["👥 Florists' circle"]
    assert not any("Anna" in one or "Chen" in one for one in world.olga.buttons)
    await world.olga.presses("Florists' circle")
    assert "waits" not in world.olga.screen
    assert "All" in world.olga.screen
    await world.olga.presses("Conversation")
    assert "· Anna\nWho has peonies?" in world.olga.screen.replace("\u2068", "").replace("\u2069", "")
    assert "👤 Anna: Who has peonies?" in world.olga.screen.replace("\u2068", "").replace("\u2069", "")
    await world.olga.writes("peonies")
    assert "① 👥" in world.olga.screen
    assert "Anna" in world.olga.screen
    await world.olga.writes("/status")
    await world.olga.presses("What is kept, and what is not")
    assert "each picked group" in world.olga.screen


async def test_a_group_is_stopped_and_what_is_kept_stays_or_is_erased_after_a_question(world: Linkable) -> None:
    group = florists(world)
    world.desk.world.send(world.desk.people["Anna"].id, group.id, "Kept words")
    await picks(world, "Florists' circle")
    await holds(world, "Kept words")
    await world.olga.presses("Stop mirroring")
    await world.olga.presses("keep what is here")
    assert "Not mirrored since" in world.olga.screen
    assert "Kept words" in await world.desk.mirrored()
    await world.olga.presses("What is kept of it")
    assert "by choice" in world.olga.screen
    await world.olga.presses("‹ Back")
    assert "Not mirrored since" in world.olga.screen
    await world.olga.presses("Erase what is kept")
    await world.olga.presses("No, go back")
    assert "Kept words" in await world.desk.mirrored()
    await world.olga.presses("Erase what is kept")
    await world.olga.presses("Erase it")
    assert "nothing of this group is kept" in world.olga.screen
    assert await world.desk.mirrored() == []
    await world.olga.writes("/contacts")
    assert not any("Florists" in one for one in world.olga.buttons)
    await world.olga.writes("Kept")
    assert "Kept words" not in world.olga.screen


async def test_olga_is_told_when_her_account_is_thrown_out_of_a_picked_group(world: Linkable) -> None:
    group = florists(world)
    await picks(world, "Florists' circle")
    world.desk.world.send(world.desk.people["Anna"].id, group.id, "Last words")
    await holds(world, "Last words")
    world.desk.world.remove_member(group.id, OLGA, by=world.desk.people["Anna"].id)
    assert await world.olga.sees("not in the group")
    await opens_groups(world)
    await world.olga.presses("Florists' circle")
    assert "not in this group any more" in world.olga.screen
    assert "Mirror this group" not in world.olga.buttons
    await world.olga.presses("What is kept of it")
    assert "not in the group any more" in world.olga.screen


async def test_a_group_that_becomes_a_supergroup_stands_in_the_list_once(world: Linkable) -> None:
    group = florists(world, is_super=False)
    await picks(world, "Florists' circle")
    world.desk.world.send(world.desk.people["Anna"].id, group.id, "We are too many")
    await holds(world, "We are too many")
    whole = world.desk.world.upgrade_group(group.id, by=world.desk.people["Anna"].id)
    world.desk.world.send(world.desk.people["Anna"].id, whole.id, "Now there is room")
    await holds(world, "Now there is room")
    await opens_groups(world)
    assert sum("Florists' circle" in one for one in world.olga.buttons) == 1
    await world.olga.presses("Florists' circle")
    await world.olga.presses("What is kept of it")
    await world.olga.presses("Conversation")
    for notice in ("The group was opened", "The group became a supergroup", "Here the supergroup begins"):
        assert notice in world.olga.screen


async def test_a_hostile_title_is_shown_as_what_it_is(world: Linkable) -> None:
    group = florists(world, HOSTILE)
    world.desk.world.send(world.desk.people["Anna"].id, group.id, "harmless")
    await picks(world, "Florists")
    await holds(world, "harmless")
    for word in ("What is kept of it", "Conversation"):
        assert "<b>Florists</b>" in world.olga.screen
        assert "\u202e" not in world.olga.screen
        await world.olga.presses(word)
    assert "<b>Florists</b>" in world.olga.screen


async def test_a_group_goes_into_the_export_with_those_who_wrote_in_it(world: Linkable) -> None:
    group = florists(world, is_super=False)
    anna = world.desk.people["Anna"]
    world.desk.world.send(anna.id, group.id, "For the record")
    await picks(world, "Florists' circle")
    await holds(world, "For the record")
    await world.olga.writes("/export")
    await world.olga.presses("Export")
    archive = ZipFile(io.BytesIO((await world.olga.receives_document()).data))
    tables = {name: json.loads(archive.read(f"{name}.json")) for name in ("groups", "senders", "contacts", "messages")}
    assert [row["peer_id"] for row in tables["groups"]] == [group.id]
    assert tables["senders"] == [{"id": anna.id, "name": "Anna"}]
    assert [row["telegram_id"] for row in tables["contacts"]] == [group.id]
    assert {row["sender_id"] for row in tables["messages"]} == {anna.id}


async def test_neither_an_agent_nor_a_viewer_nor_a_stranger_sees_or_picks_a_group(world: Linkable) -> None:
    group = florists(world)
    addresses = (f"gl:{OLGA}:0:1", f"gr:{OLGA}:{group.id}", f"gp:{OLGA}:{group.id}", f"gu:{OLGA}:{group.id}:1:1")
    async with enter(world.desk.app.installation, OLGA, 1) as desk:
        await members.set_role(desk, CAST["Vera"][0], "viewer")
    for name in ("Boris", "Vera", "Mallory"):
        person = world.desk.people[name]
        await person.writes("/start")
        for address in addresses:
            await person.presses_address(address)
            assert "Florists" not in person.screen + person.alert
    await picks(world, "Florists' circle")
    for name in ("Boris", "Mallory"):
        person = world.desk.people[name]
        await person.writes("/start")
        await person.presses_address(addresses[-1])
    await opens_groups(world)
    assert "1 group is mirrored" in world.olga.screen
