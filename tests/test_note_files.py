"""What the team keeps beside a note: a photo of the dress, the signed order."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import update
from sqlmodel import select

from crm import keeping, members, notes
from crm.access import enter, enter_room
from handlers.buttons.contacts import ContactList
from handlers.buttons.notes import AddNoteFile, NoteCard, PutBackFile, SendNoteFile, TakeOffFile, TakeOffFiles
from sandbox.world import FileKind
from storage.notes import NoteFile
from tests.people import OLGA, Desk, Someone
from tests.test_media import PICTURE

ORDER = b"Two hundred tulips, white"


@pytest.fixture
async def asked(olga: Someone, anna: Someone) -> Someone:
    """Olga, who is asked for a note on Anna."""
    await anna.writes("Hello", to=olga)
    await begins(olga)
    return olga


async def begins(someone: Someone) -> None:
    await someone.writes("/contacts")
    await someone.presses("Anna")
    await someone.presses("Write a note")


async def sends(someone: Someone, data: bytes, kind: FileKind, text: str = "", **facts: Any) -> None:
    """Send the bot a file."""
    await someone.writes(text, file=someone.desk.world.store_file(data, kind, **facts))


def on_disk(desk: Desk) -> list[Path]:
    return sorted(desk.app.installation.vaults.path(1).with_suffix(".media").glob("*"))


async def lost_at_telegram(desk: Desk) -> None:
    """Telegram does not know its own handles any more."""
    async with enter_room(desk.app.installation, 1) as room, room.vault.transaction() as session:
        await session.exec(update(NoteFile).values(file_id="gone"))


async def test_a_photo_is_a_note_with_its_caption_and_comes_back_on_a_press(desk: Desk, asked: Someone) -> None:
    await sends(asked, PICTURE, "photo", "The dress she means", mime="image/jpeg")
    assert "The dress she means" in asked.screen
    await asked.presses("🖼")
    assert (await asked.receives_document()).data == PICTURE
    await asked.presses("The note")
    (kept,) = on_disk(desk)
    assert PICTURE not in kept.read_bytes()


async def test_a_document_stays_though_telegram_has_it_no_more(desk: Desk, asked: Someone) -> None:
    await sends(asked, ORDER, "document", name="order.txt", mime="text/plain")
    assert "order.txt" in asked.screen
    await lost_at_telegram(desk)
    await asked.presses("📎 order.txt")
    file = await asked.receives_document()
    assert (file.data, file.name) == (ORDER, "order.txt")


async def test_a_kept_file_that_is_broken_is_said_to_be_gone(desk: Desk, asked: Someone) -> None:
    await sends(asked, ORDER, "document", name="order.txt", mime="text/plain")
    await lost_at_telegram(desk)
    on_disk(desk)[0].unlink()
    await asked.presses("📎 order.txt")
    assert "cannot be fetched" in asked.alert


async def test_pictures_that_were_sent_together_are_one_note(desk: Desk, asked: Someone) -> None:
    album = desk.world.new_album()
    for number in range(3):
        file = desk.world.store_file(PICTURE + bytes([number]), "photo", mime="image/jpeg")
        await asked.writes("All her dresses" if number == 0 else "", file=file, album_id=album)
    assert "All her dresses" in asked.screen
    assert sum(label.startswith("🖼") for label in asked.buttons) == 3
    await sends(asked, PICTURE, "photo", mime="image/jpeg")
    async with desk.vault() as session:
        assert len((await session.exec(select(NoteFile))).all()) == 3


async def test_a_file_is_put_on_a_note_that_is_there_and_ten_are_enough(desk: Desk, asked: Someone) -> None:
    await asked.writes("Her order")
    for number in range(11):
        await asked.presses_address(AddNoteFile(id=1).pack())
        await sends(asked, ORDER + bytes([number]), "document", name=f"{number}.txt")
    assert "at most 10" in asked.screen
    async with desk.vault() as session:
        assert len((await session.exec(select(NoteFile))).all()) == 10


async def test_the_file_goes_with_its_note(desk: Desk, asked: Someone) -> None:
    for _ in range(2):  # the same content lies there once
        await sends(asked, ORDER, "document", "Her order", name="order.txt")
        await begins(asked)
    assert len(on_disk(desk)) == 2  # one that nobody carries, for a day
    await asked.presses_address(NoteCard(id=1).pack())
    await asked.presses("Delete")
    await asked.presses("Bring it back")
    assert "📎 order.txt" in asked.buttons
    for note in (1, 2):
        await asked.presses_address(NoteCard(id=note).pack())
        await asked.presses("Delete")
        desk.world.clock.advance(timedelta(seconds=1))
        async with enter_room(desk.app.installation, 1) as room:
            await notes.purge(room, desk.world.clock.now())
            await keeping.sweep(room)
        assert len(on_disk(desk)) == 2 - (note == 2)


async def test_a_file_is_taken_off_alone_and_put_back_until_the_purge_comes(desk: Desk, asked: Someone) -> None:
    await sends(asked, ORDER, "document", "Her order", name="order.txt")
    await asked.presses("Add a file")
    await sends(asked, PICTURE, "document", name="<b>dress</b>.png")
    await asked.presses("Take a file off")
    await asked.presses("dress")
    assert "<b>dress</b>.png\u2069 is off the note" in asked.screen
    await asked.presses("Bring it back")
    assert sum(label.startswith("📎") for label in asked.buttons) == 3
    await asked.presses("Take a file off")
    await asked.presses("dress")
    await asked.presses("Back")
    assert "📎 order.txt" in asked.buttons
    assert not any("dress" in label for label in asked.buttons)
    for gone in (SendNoteFile(id=2), PutBackFile(id=77), TakeOffFile(id=77)):
        await asked.presses_address(gone.pack())
        assert "not on the note any more" in f"{asked.screen} {asked.alert}"
    await asked.writes("/export")
    await asked.presses("Export with")
    assert b"dress" not in ZipFile(io.BytesIO(asked.documents[-1].data)).read("note_files.json")
    desk.world.clock.advance(timedelta(days=1, seconds=1))
    async with enter_room(desk.app.installation, 1) as room:
        await notes.purge(room, desk.world.clock.now())
        await keeping.sweep(room)
    assert len(on_disk(desk)) == 1
    await asked.presses_address(NoteCard(id=1).pack())
    await asked.presses("Take a file off")
    assert "order.txt\u2069 is off the note" in asked.screen


async def test_the_export_holds_the_files_of_notes(desk: Desk, asked: Someone) -> None:
    await sends(asked, ORDER, "document", "Her order", name="order.txt")
    await lost_at_telegram(desk)
    await asked.writes("/export")
    await asked.presses("Export with")
    archive = ZipFile(io.BytesIO((await asked.receives_document()).data))
    assert archive.read("notes/1-order.txt") == ORDER
    assert b"order.txt" in archive.read("note_files.json")
    assert b"gone" not in archive.read("note_files.json")


async def test_a_file_that_a_bot_may_not_fetch_is_refused_and_the_note_can_still_be_written(
    desk: Desk, asked: Someone
) -> None:
    file = desk.world.store_file(bytes(21_000_000), "document", name="film.mov")
    await asked.writes(file=file)
    assert "too large" in asked.screen
    await asked.writes("The film is in the drawer")
    assert "in the drawer" in asked.screen
    assert not on_disk(desk)


async def test_a_viewer_reads_the_file_and_puts_none_there(desk: Desk, asked: Someone, vera: Someone) -> None:
    await sends(asked, ORDER, "document", "Her order", name="order.txt")
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, vera.id, "viewer")
    await vera.writes("/start")
    await vera.presses_address(NoteCard(id=1).pack())
    assert not any("a file" in label for label in vera.buttons)
    await vera.presses("📎 order.txt")
    assert (await vera.receives_document()).data == ORDER


async def test_a_strangers_press_brings_no_file(desk: Desk, asked: Someone, mallory: Someone) -> None:
    await sends(asked, ORDER, "document", "Her order", name="order.txt")
    await mallory.writes("/start")
    taking = (TakeOffFiles(id=1), TakeOffFile(id=1), PutBackFile(id=1))
    for address in (SendNoteFile(id=1), AddNoteFile(id=1), NoteCard(id=1), ContactList(), *taking):
        answer = await mallory.presses_address(address.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    await sends(mallory, ORDER, "document", name="order.txt")
    assert not mallory.documents
    async with desk.vault() as session:
        assert len((await session.exec(select(NoteFile))).all()) == 1
