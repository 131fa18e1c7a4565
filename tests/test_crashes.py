from __future__ import annotations

import asyncio
import random
import signal

import pytest
from sqlmodel import col, select

from bot import opening
from bot.checking import examine
from bot.config import ConfigError
from handlers.buttons.notes import WriteNote
from sandbox.world import World
from storage.messages import Message, Version
from storage.notes import Note
from tests.lives import lives
from tests.people import Desk, Someone

CYCLES = 50


@pytest.mark.timeout(600)
async def test_fifty_kills_lose_nothing_and_double_nothing(
    desk: Desk, olga: Someone, anna: Someone, chen: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes("/start")
    await desk.stop()
    chance = random.Random(20)  # noqa: S311  the same days in each run
    async with lives(desk.config) as wysper:
        await wysper.begin()
        for day in range(CYCLES):
            _a_busy_moment(desk.world, olga, (anna, chen), day, chance)
            _olga_writes_a_note(desk, olga, day)
            await asyncio.sleep(chance.uniform(0, 0.25))  # any moment is as good as another to be killed in
            await wysper.end()
            await wysper.begin()
        await wysper.end(signal.SIGTERM)
    await desk.start()
    await desk.settled(patience=120)
    assert await _stands_in_the_vault(desk) == _stands_in_the_world(desk.world, olga)
    async with desk.vault() as session:
        assert sorted(await session.exec(select(Note.text))) == sorted(f"Note {day}" for day in range(CYCLES))
        versions = await session.exec(select(Message.text, Version.text).join(Version))
        texts = versions.all()
        assert texts
        assert all(now == f"{before}, please" for now, before in texts)
    await desk.stop()
    assert await _is_whole(desk)


def _a_busy_moment(world: World, olga: Someone, clients: tuple[Someone, ...], day: int, chance: random.Random) -> None:
    for number in range(4):
        client = chance.choice(clients)
        asked = world.send(client.id, olga.id, f"Question {day}.{number}")
        if chance.random() < 0.4:
            world.edit(asked.uid, text=f"Question {day}.{number}, please", by=client.id)
        if chance.random() < 0.2:
            world.delete([asked.uid], by=client.id)
        if chance.random() < 0.5:
            world.send(olga.id, client.id, f"Answer {day}.{number}")


def _olga_writes_a_note(desk: Desk, olga: Someone, day: int) -> None:
    address = WriteNote(contact=1).pack()
    olga.newest.markup = {"inline_keyboard": [[{"text": "Write a note", "callback_data": address}]]}
    desk.world.press(olga.id, olga.newest.uid, address)
    desk.world.send(olga.id, desk.bot.id, f"Note {day}")


async def _stands_in_the_vault(desk: Desk) -> dict[int, tuple[str, bool]]:
    async with desk.vault() as session:
        rows = await session.exec(select(Message).order_by(col(Message.message_id)))
        return {row.message_id: (row.text, row.deleted_at is not None) for row in rows}


def _stands_in_the_world(world: World, olga: Someone) -> dict[int, tuple[str, bool]]:
    said = (message for message in world.messages.values() if olga.id in message.ids)
    return {
        message.ids[olga.id]: (message.text, message.deleted)
        for message in said
        if not any(world.person(member).is_bot for member in message.chat.members)
    }


async def _is_whole(desk: Desk) -> bool:
    path = desk.config.storage.folder.parent / "config.toml"
    path.write_text("")
    said: list[str] = []
    whole = await examine(path, say=said.append)
    assert not any("given up" in line or "wait" in line for line in said), said
    return whole


async def test_a_second_process_on_the_same_folder_is_refused(desk: Desk) -> None:
    other = opening.opened(desk.config, desk.world.clock)
    with pytest.raises(ConfigError, match="another Wysper is running"):
        await other.__aenter__()
