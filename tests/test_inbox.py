from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from crm import members
from tests.disks import File, full, held
from tests.people import PATIENCE, Desk, Someone, configured, world_around


async def test_a_command_that_nobody_knows_gets_a_hint(olga: Someone) -> None:
    await olga.writes("/dance")
    assert "I did not expect that here" in olga.screen


async def test_a_stranger_meets_a_polite_wall(mallory: Someone) -> None:
    await mallory.writes("Let me in")
    assert mallory.screen == "You are not on this team. If you should be, ask its owner for an invitation link."


async def test_what_a_client_writes_is_in_the_vault(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Have you got roses?", to=olga)
    await olga.writes("Yes, red ones", to=anna)
    assert await desk.mirrored() == ["Have you got roses?", "Yes, red ones"]


async def test_the_menu_of_commands_hangs_however_long_telegram_was_out_of_order(
    furnished: Path, tmp_path: Path
) -> None:
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    async with world_around(configured(tmp_path)) as desk:
        desk.world.faults.on("bot_api_5xx", method="setMyCommands", times=20)
        await desk.start()
        try:
            async with asyncio.timeout(PATIENCE):
                while not await desk.app.bot.get_my_commands(language_code="ru"):  # noqa: ASYNC110  nobody tells
                    await asyncio.sleep(0.02)
        finally:
            await desk.stop()


def waiting_at_telegram(desk: Desk) -> int:
    """How many updates Telegram still has, since nobody told it that they arrived."""
    return len(desk.api.served(desk.bot.id).queue)


@asynccontextmanager
async def complaint(words: str) -> AsyncIterator[None]:
    """At the end of the block, wait until Wysper has logged these words."""
    logged = asyncio.Event()
    listener = logging.Handler()
    listener.emit = lambda record: logged.set() if words in record.getMessage() else None  # type: ignore[method-assign]
    logging.getLogger("bot").addHandler(listener)
    try:
        yield
        async with asyncio.timeout(PATIENCE):
            await logged.wait()
    finally:
        logging.getLogger("bot").removeHandler(listener)


async def test_what_comes_while_the_disk_is_full_waits_at_telegram_until_there_is_room(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Before", to=olga)
    said = [f"{number} " + "roses " * 600 for number in range(30)]
    async with full(desk, "vault"):
        async with complaint("no updates for now: StorageFull"):
            for text in said:
                desk.world.send(anna.id, olga.id, text)
        assert waiting_at_telegram(desk)
        assert len(await desk.mirrored()) < len(said)
    await desk.settled()
    assert await desk.mirrored() == ["Before", *said]


async def test_who_comes_to_the_door_while_the_disk_is_full_is_heard_when_there_is_room(
    desk: Desk, mallory: Someone
) -> None:
    async with full(desk, "registry"):
        async with complaint("no updates for now: StorageFull"):
            for number in range(20):
                desk.world.send(mallory.id, desk.bot.id, f"{number} " + "Let me in! " * 350)
        assert waiting_at_telegram(desk)
    await desk.settled()
    walls = [message for message in mallory.chat if "You are not on this team" in message.text]
    assert len(walls) == 20


@pytest.mark.parametrize("file", ["vault", "registry"])
async def test_what_comes_while_a_file_is_held_waits_at_telegram_until_it_is_free(
    impatient: Desk, olga: Someone, anna: Someone, mallory: Someone, file: File
) -> None:
    with held(impatient, file):
        async with complaint("no updates for now: VaultBusy"):
            impatient.world.send(anna.id, olga.id, "Anybody there?")
            impatient.world.send(mallory.id, impatient.bot.id, "Let me in!")
        assert waiting_at_telegram(impatient)
    await impatient.settled()
    assert await impatient.mirrored() == ["Anybody there?"]
    assert [message.text for message in mallory.chat].count(mallory.screen) == 1


async def test_a_held_vault_holds_up_its_own_workspace_alone(
    impatient: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    code = await members.claim_code(impatient.app.installation)
    await boris.writes(f"/start claim_{code}")
    await boris.writes("Boris Bikes")
    with held(impatient, "vault"):
        async with complaint("no updates for now: VaultBusy"):
            impatient.world.send(anna.id, olga.id, "Anybody there?")
        impatient.world.send(boris.id, impatient.bot.id, "/help")
        assert await boris.sees("What would you like to know?")
    await impatient.settled()
    assert await impatient.mirrored() == ["Anybody there?"]
    assert sum("What would you like to know?" in message.text for message in boris.chat) == 1
