"""Olga chooses which files are kept, and has the earlier ones fetched, too."""

from __future__ import annotations

import pytest
from aiogram.filters.callback_data import CallbackData
from sqlmodel import select

from crm.keeper import WAITS
from handlers.buttons.history import MessageCard
from handlers.buttons.jobs import CancelJob
from handlers.buttons.keeping import KeepOlder
from handlers.buttons.media import SendFile
from storage import media_store
from storage.audit import AuditEntry
from storage.media import Media
from tests.people import Desk, Someone
from tests.test_kept_files import chooses, next_round, on_disk, sends_film
from tests.test_media import PICTURE, press_for_file, sends, without_handle


async def writes_of_old(desk: Desk, anna: Someone, olga: Someone, *files: bytes) -> None:
    """Anna has sent photos, and Olga chooses only then to keep such."""
    for data in files:
        await anna.writes("", to=olga, file=desk.world.store_file(data, "photo", mime="image/jpeg"))
    desk.world.clock.advance(WAITS[0])
    await chooses(olga, "as they come")


def only_presses(someone: Someone, address: CallbackData) -> None:
    """Press a button and do not wait until all that follows is done."""
    assert address.pack() in str(someone.newest.markup)
    someone.desk.world.press(someone.id, someone.newest.uid, address.pack())


async def test_the_files_of_before_are_counted_and_kept_on_request(desk: Desk, olga: Someone, anna: Someone) -> None:
    await writes_of_old(desk, anna, olga, b"a" * 40_000, b"b" * 60_000)
    await next_round(desk)
    assert not on_disk(desk)
    await olga.presses("Keep earlier ones: 2 files, 100 kB")
    assert "Your earlier files" in olga.screen
    assert "✅ Done." in olga.screen
    assert "Kept now: 2 files, 100 kB." in olga.screen
    assert len(on_disk(desk)) == 2
    await chooses(olga)
    assert not any("earlier" in label for label in olga.buttons)
    answer = await olga.presses_address(KeepOlder().pack())
    assert answer is not None
    assert "nothing left to do" in answer.text


async def test_of_the_earlier_files_what_cannot_be_had_is_said_and_tried_again(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await writes_of_old(desk, anna, olga, b"a" * 40_000, b"b" * 60_000)
    desk.world.faults.on("bot_api_file_cut", times=1)
    await olga.presses("earlier ones")
    assert "Kept now: 1 file" in olga.screen
    assert "1 file could not be fetched from Telegram yet" in olga.screen
    desk.world.clock.advance(WAITS[0])
    await next_round(desk)
    assert len(on_disk(desk)) == 2


async def test_fetching_the_earlier_files_shows_how_far_it_is_and_can_be_stopped(
    desk: Desk, olga: Someone, anna: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.jobs.SHOW_EVERY", 0.0)
    await writes_of_old(desk, anna, olga, b"a" * 40_000, b"b" * 60_000)
    desk.world.faults.on("bot_api_file_slow", seconds=600)
    only_presses(olga, KeepOlder())
    assert await olga.until(lambda: "50 kB of 100 kB" in olga.screen)
    assert "50%" in olga.screen
    only_presses(olga, CancelJob(id=1))
    assert await olga.sees("Stopped, as you wished.")


async def test_a_restart_goes_on_with_the_earlier_files(desk: Desk, olga: Someone, anna: Someone) -> None:
    await writes_of_old(desk, anna, olga, *(bytes([number]) * 20_000 for number in range(30)))
    desk.world.faults.on("bot_api_file_slow", seconds=600, every=20)
    only_presses(olga, KeepOlder())
    assert await olga.until(lambda: "Your earlier files" in olga.screen)
    await desk.app.inbox.lanes.idle.wait()
    await desk.stop()
    desk.world.faults.off()
    await desk.start()
    assert await olga.sees("Kept now: 30 files")


async def test_earlier_files_that_do_not_fit_on_the_disk_are_not_begun(
    desk: Desk, olga: Someone, anna: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await writes_of_old(desk, anna, olga, b"a" * 40_000)
    monkeypatch.setattr(media_store, "RESERVE", 2**62)
    answer = await olga.presses("earlier ones")
    assert answer is not None
    assert "not enough room" in answer.text


async def test_a_file_that_was_opened_is_kept_and_another_is_not(desk: Desk, olga: Someone, anna: Someone) -> None:
    await chooses(olga, "that are opened")
    await sends(desk, anna, olga)
    await next_round(desk)
    assert not on_disk(desk)
    await press_for_file(olga)
    await next_round(desk)
    assert len(on_disk(desk)) == 1
    await without_handle(desk)
    await olga.presses_address(SendFile(id=1).pack())
    assert (await olga.receives_document()).data == PICTURE


async def test_of_each_kind_only_what_was_chosen_is_kept(desk: Desk, olga: Someone, anna: Someone) -> None:
    await chooses(olga, "as they come", "Photos", "none")
    assert "Photos · none" in olga.buttons
    await sends(desk, anna, olga)
    await sends(desk, anna, olga, "sticker", mime="image/webp")
    await next_round(desk)
    assert len(on_disk(desk)) == 1
    await olga.writes("/settings")
    await olga.presses("Files")
    assert "Kept now: 1 file" in olga.screen
    assert "The disk has room for" in olga.screen


async def test_what_is_too_large_for_a_bot_is_left_to_a_linked_device(desk: Desk, olga: Someone, anna: Someone) -> None:
    await chooses(olga, "as they come", "Videos", "all")
    await anna.writes("", to=olga, file=desk.world.store_file(bytes(20_000_001), "video", mime="video/mp4"))
    await next_round(desk)
    await olga.writes("/settings")
    await olga.presses("Files")
    assert "1 file is larger than 20 MB: only a linked device can fetch it." in olga.screen
    async with desk.vault() as session:
        assert (await session.exec(select(Media.due_at))).all() == [None]


async def test_what_waits_is_told_with_its_reason(desk: Desk, olga: Someone, anna: Someone) -> None:
    await sends_film(desk, anna, olga)
    await chooses(olga)
    assert "1 file is being fetched" in olga.screen
    desk.world.faults.on("bot_api_file_cut")
    await next_round(desk)
    await chooses(olga)
    assert "1 file could not be fetched from Telegram yet" in olga.screen


async def test_the_card_of_a_message_says_whether_its_file_is_kept(desk: Desk, olga: Someone, anna: Someone) -> None:
    await sends(desk, anna, olga)
    await olga.writes("/start")
    card = MessageCard(id=1).pack()
    await olga.presses_address(card)
    assert "Kept" not in olga.screen
    assert "fetched" not in olga.screen
    await chooses(olga, "as they come", "earlier ones")
    await olga.presses_address(card)
    assert "Kept here, encrypted." in olga.screen
    await sends_film(desk, anna, olga)
    card = MessageCard(id=2).pack()
    await olga.presses_address(card)
    assert "It is being fetched" in olga.screen
    desk.world.faults.on("bot_api_file_cut")
    await next_round(desk)
    await olga.presses_address(card)
    assert "It could not be fetched yet. Next try:" in olga.screen


async def test_who_looks_on_sees_how_it_stands_and_chooses_nothing(
    desk: Desk, olga: Someone, anna: Someone, vera: Someone
) -> None:
    await writes_of_old(desk, anna, olga, b"a" * 40_000)
    await vera.writes("/settings")
    await vera.presses("Files")
    assert "kept here as they come" in vera.screen
    assert vera.buttons == ["‹ Back"]
    answer = await vera.presses_address(KeepOlder().pack())
    assert answer is not None
    assert "Your role does not allow this" in answer.text
    async with desk.vault() as session:
        assert not (await session.exec(select(AuditEntry).where(AuditEntry.actor_id == vera.id))).all()
