"""Olga asks for what a client has sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from crm.access import enter_room
from crm.errors import NotNow
from handlers.buttons.media import SendFile
from sandbox.world import File
from storage.media import Media
from tests.devices import linkable
from tests.people import OLGA, PATIENCE, Desk, Someone

PICTURE = b"\xff\xd8\xff\xe0 roses"


async def sends(desk: Desk, sender: Someone, to: Someone, kind: str = "photo", **facts: object) -> File:
    """A client sends a file of this kind."""
    file = desk.world.store_file(PICTURE, kind, **facts)  # type: ignore[arg-type]  # the kinds are told by the test
    await sender.writes("look", to=to, file=file)
    return file


async def press_for_file(someone: Someone) -> None:
    await someone.writes("/contacts")
    await someone.presses("Anna")
    await someone.presses("Conversation")
    await someone.presses("⬇")


async def without_handle(desk: Desk, **changes: object) -> None:
    """As if the userbot alone had seen the file."""
    async with enter_room(desk.app.installation, 1) as room, room.vault.transaction() as session:
        for media in await session.exec(select(Media)):
            session.add(media.sqlmodel_update({"file_id": None, **changes}))


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("photo", {"mime": "image/jpeg", "width": 640, "height": 480}),
        ("document", {"name": "order.pdf", "mime": "application/pdf"}),
        ("voice", {"mime": "audio/ogg", "duration": 12}),
        ("video_note", {"mime": "video/mp4", "duration": 5}),
    ],
)
async def test_a_file_is_sent_on_request(
    desk: Desk, olga: Someone, anna: Someone, kind: str, facts: dict[str, object]
) -> None:
    file = await sends(desk, anna, olga, kind, **facts)
    await press_for_file(olga)
    received = await olga.receives_document()
    assert (received.kind, received.data) == (kind, file.data)
    await olga.presses("In the conversation")
    assert "👉①" in olga.screen


async def test_a_file_without_a_handle_is_fetched_and_uploaded(desk: Desk, olga: Someone, anna: Someone) -> None:
    file = await sends(desk, anna, olga, "document", name="order.pdf", mime="application/pdf")
    await without_handle(desk)
    use_road(desk, Pieces([file.data[:4], file.data[4:]]))
    await press_for_file(olga)
    received = await olga.receives_document()
    assert (received.name, received.data) == ("order.pdf", PICTURE)


async def test_a_photo_that_telegram_refuses_as_one_comes_as_a_file(desk: Desk, olga: Someone, anna: Someone) -> None:
    file = await sends(desk, anna, olga, "photo", width=640, height=480)  # of the wrong bytes for an upload
    await without_handle(desk)
    use_road(desk, Pieces([file.data]))
    await press_for_file(olga)
    received = await olga.receives_document()
    assert (received.kind, received.data) == ("document", PICTURE)


@pytest.mark.parametrize(
    ("reason", "words"),
    [("too_large", "is too large"), ("unreachable", "cannot be fetched"), ("cut", "cannot be fetched")],
)
async def test_what_cannot_be_fetched_is_said_in_words(
    desk: Desk, olga: Someone, anna: Someone, reason: str, words: str
) -> None:
    await sends(desk, anna, olga, "document", name="film.mkv")
    await without_handle(desk)
    use_road(desk, Pieces([b"half"] if reason == "cut" else [], NotNow(reason)))
    await press_for_file(olga)
    assert await olga.sees(words)
    assert not olga.documents


async def test_what_a_bot_may_not_upload_is_not_even_fetched(desk: Desk, olga: Someone, anna: Someone) -> None:
    await sends(desk, anna, olga, "document", name="film.mkv")
    await without_handle(desk, size=60_000_000)
    use_road(desk, Pieces([], AssertionError("nobody asks")))
    await press_for_file(olga)
    assert await olga.sees("60 MB")


async def test_olga_hears_how_long_telegram_holds_a_file_back(furnished: Path, tmp_path: Path) -> None:
    async with linkable(furnished, tmp_path) as world:
        await sends(world.desk, world.desk.people["Anna"], world.olga, "document", name="order.pdf")
        await world.links()
        async with asyncio.timeout(PATIENCE):
            while "look" not in await world.desk.mirrored():  # noqa: ASYNC110  a device announces it to nobody
                await asyncio.sleep(0.02)
        world.desk.world.faults.on("mtproto_flood", seconds=600, times=1, method="upload.getFile")
        await press_for_file(world.olga)
        assert "Here it comes" in world.olga.alert
        async with asyncio.timeout(PATIENCE):
            while world.desk.app.devices.state(1, OLGA) != "waiting":  # noqa: ASYNC110  nor this
                await asyncio.sleep(0.02)
        await world.olga.presses("⬇")
        assert "The file then comes by itself" in world.olga.alert


async def test_a_stranger_is_sent_nothing(desk: Desk, olga: Someone, anna: Someone, mallory: Someone) -> None:
    await sends(desk, anna, olga)
    await mallory.writes("/start")
    answer = await mallory.presses_address(SendFile(id=1).pack())
    assert answer is not None
    assert "not on this team" in answer.text
    assert not mallory.documents


async def test_a_button_of_a_file_that_is_gone_says_so(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("no file here", to=olga)
    await sends(desk, anna, olga)
    await press_for_file(olga)
    for address in (SendFile(id=1), SendFile(id=99)):
        answer = await olga.presses_address(address.pack())
        assert answer is not None
        assert "not there any more" in answer.text


def use_road(desk: Desk, road: Pieces) -> None:
    """From now on files are fetched this way: the outermost edge, replaced."""
    desk.app.dispatcher["files"] = road  # the one place that hands it to handlers


class Pieces:
    """A road to files that gives what the test says, and then perhaps ends."""

    def __init__(self, pieces: list[bytes], end: Exception | None = None) -> None:
        self._pieces, self._end = pieces, end

    async def fetch(self, workspace_id: int, account_id: int, media: Media) -> AsyncIterator[bytes]:  # noqa: ARG002
        for piece in self._pieces:
            yield piece
        if self._end is not None:
            raise self._end
