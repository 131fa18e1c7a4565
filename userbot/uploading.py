"""Giving Telegram a file that it is to send: in parts, and then as what it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from crm.seen import File
from userbot.tl import functions, types

PART = 512 * 1024  # Telegram: bytes of one part
BIG = 10 * 1024 * 1024  # Telegram: from here on a file is uploaded as a big one
Ask = Callable[[Any], Awaitable[Any]]


async def upload(ask: Ask, file: File, content: bytes, number: int) -> Any:
    """Upload it under a number of its own; gives the InputMedia to send. Raises what `ask` raises."""
    parts = [content[at : at + PART] for at in range(0, len(content), PART)]
    name = file.name or NAMES.get(file.kind, "file")
    for place, part in enumerate(parts):
        if len(content) >= BIG:
            await ask(functions.upload.SaveBigFilePartRequest(number, place, len(parts), part))
        else:
            await ask(functions.upload.SaveFilePartRequest(number, place, part))
    uploaded = (
        types.InputFileBig(number, len(parts), name)
        if len(content) >= BIG
        else types.InputFile(number, len(parts), name, "")
    )
    if file.kind == "photo":
        return types.InputMediaUploadedPhoto(uploaded)
    mime = file.mime or "application/octet-stream"
    return types.InputMediaUploadedDocument(uploaded, mime, _attributes(file), force_file=file.kind == "document")


NAMES = {"photo": "photo.jpg", "voice": "voice.ogg", "video": "video.mp4", "video_note": "video.mp4"}


def _attributes(file: File) -> list[Any]:
    """What Telegram cannot see in the bytes: what it is, its name, how long and how large."""
    named = [types.DocumentAttributeFilename(file.name)] if file.name else []
    duration, width, height = file.duration or 0, file.width or 0, file.height or 0
    match file.kind:
        case "voice" | "audio":
            return [types.DocumentAttributeAudio(duration, voice=file.kind == "voice"), *named]
        case "video" | "video_note":
            note = file.kind == "video_note"
            return [types.DocumentAttributeVideo(duration, width, height, round_message=note), *named]
        case "animation":
            return [types.DocumentAttributeVideo(duration, width, height), types.DocumentAttributeAnimated(), *named]
        case _:
            return named
