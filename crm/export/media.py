"""The files of messages and notes in an export: one by one, and so named that no archive program is led astray."""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import IO

from sqlmodel import col, select

from crm import note_files
from crm.access import Desk
from crm.errors import NotNow
from crm.export.parts import LIMIT, Parts
from crm.export.tables import PAGE, Row
from crm.ports import FileSource
from storage import notes
from storage.media import Media
from storage.messages import Message
from storage.notes import NoteFile

NAME_LENGTH = 80


async def put_in(parts: Parts, desk: Desk, files: FileSource, beat: Callable[[], Awaitable[None]]) -> list[Row]:
    """Put every file in that can be had; rows of those that could not."""
    left_out: list[Row] = []
    after = 0
    while batch := await _page(desk, after):
        for account_id, protected, media in batch:
            reason = "protected" if protected else await _put(parts, desk, files, account_id, media)
            if reason is not None:
                left_out.append({"message": media.message, "note_file": None, "reason": reason})
            await beat()
        after = batch[-1][2].message
    return left_out + await _of_notes(parts, desk, beat)


async def _of_notes(parts: Parts, desk: Desk, beat: Callable[[], Awaitable[None]]) -> list[Row]:
    left_out: list[Row] = []
    async with desk.reading() as session:
        rows = await notes.all_files(session)
    for file in rows:
        try:
            content = await note_files.content(desk, file)
        except NotNow as refusal:
            left_out.append({"message": None, "note_file": file.id, "reason": refusal.reason})
        else:
            await parts.file(path("notes", file.id or 0, file), BytesIO(content), len(content))
        await beat()
    return left_out


async def _page(desk: Desk, after: int) -> list[tuple[int, bool, Media]]:
    query = select(Message.account_id, Message.protected, Media).where(
        col(Media.message) == col(Message.id), col(Media.message) > after
    )
    async with desk.reading() as session:
        return list(await session.exec(query.order_by(col(Media.message)).limit(PAGE)))


async def _put(parts: Parts, desk: Desk, files: FileSource, account_id: int, media: Media) -> str | None:
    """Fetch a file into memory first: only then is its size certain. Returns why it was left out, or None."""
    if (media.size or 0) > LIMIT:
        return "too_large"
    with BytesIO() as place:
        try:
            size = await _fetch(place, desk, files, account_id, media)
        except NotNow as refusal:
            return refusal.reason
        if not await parts.file(path("media", media.message, media), place, size):
            return "too_large"
    return None


async def _fetch(place: IO[bytes], desk: Desk, files: FileSource, account_id: int, media: Media) -> int:
    async for piece in files.fetch(desk.workspace.id or 0, account_id, media):
        place.write(piece)
        if place.tell() > LIMIT:
            raise NotNow("too_large")
    size = place.tell()
    place.seek(0)
    return size


def path(folder: str, number: int, media: Media | NoteFile) -> str:
    """Where a file is in the zip: the number of its message or its own, and what is harmless of its name."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", media.name or ""))[-1]
    harmless = "".join(sign if sign.isalnum() or sign in "-_. " else "_" for sign in name)
    plain = re.sub(r"\.{2,}", ".", harmless).strip(". ")[-NAME_LENGTH:]
    return f"{folder}/{number}-{plain or media.kind + _ending(media)}"


def _ending(media: Media | NoteFile) -> str:
    """Photos and voices come without a name."""
    return mimetypes.guess_extension(media.mime or "") or {"photo": ".jpg", "voice": ".ogg"}.get(media.kind, "")
