"""Olga has the files of her clients kept, and keeps no more than she chose."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

from crm.access import enter_room
from crm.keeper import WAITS
from handlers.buttons.keeping import KeepFiles, KeepKind, KeepOlder
from sandbox.faults import FaultName
from storage import media_store
from storage.media import KeptFile, Media
from storage.media_store import PIECE
from tests.exports import account, chat, says, written
from tests.lives import lives
from tests.people import PATIENCE, Desk, Someone
from tests.test_media import PICTURE, press_for_file, sends, without_handle

FILM = os.urandom(11 * PIECE + 17)


async def chooses(olga: Someone, *labels: str) -> None:
    await olga.writes("/settings")
    await olga.presses("Files")
    for label in labels:
        await olga.presses(label)


async def next_round(desk: Desk) -> None:
    await desk.app.schedule.run("new files")
    await desk.settled()


def on_disk(desk: Desk) -> list[Path]:
    return sorted(media_store_folder(desk).glob("*"))


async def carried(desk: Desk) -> Media:
    """The file that the one message carries."""
    async with desk.vault() as session:
        return (await session.exec(select(Media))).one()


def media_store_folder(desk: Desk) -> Path:
    return desk.app.installation.vaults.path(1).with_suffix(".media")


async def test_a_document_is_kept_encrypted_and_is_there_when_telegram_has_it_no_more(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await chooses(olga, "as they come")
    assert "✓ Keep files as they come" in olga.buttons
    await sends(desk, anna, olga, "document", name="order.pdf", mime="application/pdf")
    await next_round(desk)
    (file,) = on_disk(desk)
    assert PICTURE not in file.read_bytes()
    await without_handle(desk)  # neither road leads to it any more
    await press_for_file(olga)
    assert (await olga.receives_document()).data == PICTURE
    await olga.writes("/settings")
    await olga.presses("Files")
    assert "Kept now: 1 file" in olga.screen


async def test_nothing_is_kept_unless_it_was_chosen(desk: Desk, olga: Someone, anna: Someone) -> None:
    await sends(desk, anna, olga)
    await next_round(desk)
    assert not on_disk(desk)


async def test_a_file_that_is_too_large_stays_at_telegram(desk: Desk, olga: Someone, anna: Someone) -> None:
    await chooses(olga, "as they come", "Documents", "≤ 1 MB")
    assert "Documents ≤ 1 MB" in olga.buttons
    await anna.writes("film", to=olga, file=desk.world.store_file(bytes(1_000_001), "document"))
    await next_round(desk)
    assert not on_disk(desk)


async def test_of_a_history_that_is_brought_along_nothing_is_laid_down(desk: Desk, olga: Someone) -> None:
    await chooses(olga, "as they come")
    await olga.writes("/import")
    export = written(account(chat([says(1, "hello")])))
    await olga.writes(file=desk.world.store_file(export, name="result.json", mime="application/json"))
    await olga.presses("Take it in")
    assert await desk.mirrored() == ["hello"]
    assert not media_store_folder(desk).exists()


async def test_a_message_erased_while_its_file_comes_leaves_no_file(desk: Desk, olga: Someone, anna: Someone) -> None:
    await chooses(olga, "as they come")
    await sends(desk, anna, olga)
    async with enter_room(desk.app.installation, 1) as room, room.vault.transaction() as session:
        media = (await session.exec(select(Media))).one()
        session.expunge(media)
        await session.exec(delete(Media))
    files_of = desk.app.dispatcher["files"]  # what handlers are given
    assert b"".join([piece async for piece in files_of.fetch(1, olga.id, media)]) == PICTURE
    assert not on_disk(desk)


@pytest.mark.parametrize("fault", ["bot_api_down", "bot_api_5xx", "bot_api_garbage", "bot_api_flood"])
async def test_a_bot_api_that_is_down_only_puts_files_off(
    desk: Desk, olga: Someone, anna: Someone, fault: FaultName
) -> None:
    await chooses(olga, "as they come")
    await sends(desk, anna, olga)
    desk.world.faults.on(fault, seconds=1000, method="getFile")
    await next_round(desk)
    assert not on_disk(desk)
    desk.world.faults.off()
    desk.world.clock.advance(timedelta(minutes=1))
    await next_round(desk)
    assert len(on_disk(desk)) == 1


async def test_a_file_that_cannot_be_fetched_is_tried_again_for_a_week(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await chooses(olga, "as they come")
    await sends(desk, anna, olga)
    desk.world.faults.on("bot_api_file_cut")
    for wait in WAITS:
        tried_at = desk.world.clock.now()
        await next_round(desk)
        media = await carried(desk)
        assert media.missed == "unreachable"
        assert media.due_at
        assert tried_at + wait <= media.due_at <= desk.world.clock.now() + wait
        await next_round(desk)
        assert (await carried(desk)).due_at == media.due_at  # that was too early
        desk.world.clock.advance(wait)
    desk.world.faults.off()
    await next_round(desk)
    assert len(on_disk(desk)) == 1


async def test_after_a_week_a_file_is_left_to_who_asks_for_it(desk: Desk, olga: Someone, anna: Someone) -> None:
    await chooses(olga, "as they come")
    await sends(desk, anna, olga)
    desk.world.faults.on("bot_api_file_cut")
    for wait in (*WAITS, timedelta()):
        await next_round(desk)
        desk.world.clock.advance(wait)
    desk.world.faults.off()
    await next_round(desk)
    assert not on_disk(desk)
    media = await carried(desk)
    assert (media.missed, media.due_at) == ("unreachable", None)


async def sends_film(desk: Desk, anna: Someone, olga: Someone) -> None:
    await chooses(olga, "as they come")
    await anna.writes("", to=olga, file=desk.world.store_file(FILM, "video", mime="video/mp4", name="film.mp4"))


async def fetched(desk: Desk, olga: Someone) -> bytes:
    """The one file, as whoever asks for it gets it."""
    files = desk.app.dispatcher["files"]  # what handlers are given
    return b"".join([piece async for piece in files.fetch(1, olga.id, await carried(desk))])


@pytest.mark.parametrize("anew", [False, True])
async def test_a_download_that_breaks_off_is_gone_on_with(
    desk: Desk, olga: Someone, anna: Someone, *, anew: bool
) -> None:
    await sends_film(desk, anna, olga)
    desk.world.faults.on("bot_api_file_cut", times=2)
    await next_round(desk)
    [half] = on_disk(desk)
    assert half.suffix == ".new"
    assert len(FILM) // 4 < half.stat().st_size < len(FILM) // 2 + PIECE
    assert FILM[:100] not in half.read_bytes()
    desk.world.clock.advance(WAITS[0])
    await next_round(desk)
    assert half.stat().st_size > len(FILM) // 2 + PIECE  # a second half of the half that was left
    assert (await carried(desk)).tries == 1  # it came further, so the waits begin again
    if anew:
        desk.world.faults.on("bot_api_file_whole")  # a server that takes no ranges
    desk.world.clock.advance(WAITS[0])
    await next_round(desk)
    [file] = on_disk(desk)
    assert file.name == half.stem
    await without_handle(desk)
    assert await fetched(desk, olga) == FILM


async def test_who_asks_for_a_half_file_gets_it_whole(desk: Desk, olga: Someone, anna: Someone) -> None:
    await sends_film(desk, anna, olga)
    desk.world.faults.on("bot_api_file_cut", times=1)
    await next_round(desk)
    assert await fetched(desk, olga) == FILM
    assert [file.suffix for file in on_disk(desk)] == [""]


async def test_a_half_file_is_no_half_of_another_one(desk: Desk, olga: Someone, anna: Someone) -> None:
    await sends_film(desk, anna, olga)
    desk.world.faults.on("bot_api_file_cut", times=1)
    await next_round(desk)
    other = desk.world.store_file(FILM[::-1], "video", mime="video/mp4")
    await anna.writes("", to=olga, file=other)
    async with desk.app.installation.vaults.open(1) as vault, vault.transaction() as session:
        first, second = await session.exec(select(Media).order_by(col(Media.message)))
        first.file_id, handle = second.file_id, first.file_id  # as if the film had been replaced at Telegram
        await session.delete(second)
    assert handle
    assert await fetched(desk, olga) == FILM[::-1]


async def test_a_file_that_was_replaced_while_it_came_is_not_taken_for_the_new_one(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await sends_film(desk, anna, olga)
    media = await carried(desk)
    files = desk.app.dispatcher["files"]  # what handlers are given
    pieces = files.fetch(1, olga.id, media)
    came = [await anext(pieces)]
    async with desk.app.installation.vaults.open(1) as vault, vault.transaction() as session:
        session.add((await session.get_one(Media, media.message)).sqlmodel_update({"file_id": "another"}))
    came += [piece async for piece in pieces]
    assert b"".join(came) == FILM
    assert not on_disk(desk)
    assert (await carried(desk)).kept is None


async def test_a_process_that_is_killed_in_the_middle_of_a_file_goes_on_with_it(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await sends_film(desk, anna, olga)
    await desk.stop()
    desk.world.faults.on("bot_api_file_slow", seconds=600, times=1)
    async with lives(desk.config) as wysper:
        await wysper.begin()
        await until(lambda: any(file.stat().st_size > len(FILM) // 2 - PIECE for file in on_disk(desk)))
        await wysper.end()
        [half] = on_disk(desk)
        assert FILM[:100] not in half.read_bytes()
        desk.world.faults.on("bot_api_file_cut", times=1)
        await wysper.begin()
        await until(lambda: half.stat().st_size > len(FILM) // 2 + PIECE)  # the rest came in half, too
        await wysper.end()
    await desk.start()
    desk.world.clock.advance(WAITS[0])
    await next_round(desk)
    assert [file.name for file in on_disk(desk)] == [half.stem]
    await without_handle(desk)
    assert await fetched(desk, olga) == FILM


async def until(happened: Callable[[], bool]) -> None:
    """Wait until something is true of the disk, which announces itself to nobody."""
    async with asyncio.timeout(PATIENCE):
        while not happened():  # noqa: ASYNC110  see above
            await asyncio.sleep(0.02)


async def test_the_same_picture_sent_twice_lies_there_once(desk: Desk, olga: Someone, anna: Someone) -> None:
    await chooses(olga, "as they come")
    for _time in range(2):
        await sends(desk, anna, olga)
        await next_round(desk)
    assert len(on_disk(desk)) == 1
    async with enter_room(desk.app.installation, 1) as room, room.reading() as session:
        assert len(set(await session.exec(select(Media.kept)))) == 1


async def test_a_kept_file_that_was_damaged_is_fetched_anew(desk: Desk, olga: Someone, anna: Someone) -> None:
    await chooses(olga, "as they come")
    await sends(desk, anna, olga)
    await next_round(desk)
    (file,) = on_disk(desk)
    file.write_bytes(file.read_bytes()[:-1])
    async with enter_room(desk.app.installation, 1) as room, room.reading() as session:
        media = (await session.exec(select(Media))).one()
    files_of = desk.app.dispatcher["files"]  # what handlers are given
    assert b"".join([piece async for piece in files_of.fetch(1, olga.id, media)]) == PICTURE
    async with enter_room(desk.app.installation, 1) as room, room.reading() as session:
        again = (await session.exec(select(KeptFile))).one()
    assert again.name != file.name


async def test_what_no_message_carries_any_more_is_removed(desk: Desk, olga: Someone, anna: Someone) -> None:
    await chooses(olga, "as they come")
    await olga.writes("/settings")
    await olga.presses("Erase deleted messages")
    await sends(desk, anna, olga)
    await next_round(desk)
    desk.world.delete([desk.world.history(anna.id, olga.id, limit=1)[0].uid], by=anna.id)
    await desk.settled()
    stray = media_store_folder(desk) / "0.new"
    stray.write_bytes(b"half of a file, since a crash")
    os.utime(stray, (0, 0))
    await desk.app.schedule.run("files of nobody")
    assert not on_disk(desk)


async def test_a_disk_that_runs_low_stops_files_first_and_olga_is_told_once(
    desk: Desk, olga: Someone, anna: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chooses(olga, "as they come")
    monkeypatch.setattr(media_store, "RESERVE", 2**62)
    await sends(desk, anna, olga)
    for _minute in range(2):
        await next_round(desk)
    assert not on_disk(desk)
    assert await olga.sees("almost full")
    await olga.writes("look")
    assert "look" in olga.screen  # the message came in all the same


async def test_a_stranger_chooses_nothing(olga: Someone, mallory: Someone) -> None:
    await mallory.writes("/start")
    for address in (KeepFiles(when="always"), KeepKind(kind="photo", size=0), KeepOlder()):
        await mallory.presses_address(address.pack())
    await olga.writes("/settings")
    await olga.presses("Files")
    assert "✓ Leave files at Telegram" in olga.buttons


async def test_with_the_workspace_its_files_go(desk: Desk, olga: Someone, anna: Someone) -> None:
    await chooses(olga, "as they come")
    await sends(desk, anna, olga)
    await next_round(desk)
    assert on_disk(desk)
    await desk.app.installation.vaults.shred(1)
    assert not media_store_folder(desk).exists()
