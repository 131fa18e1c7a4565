"""Photos and documents of messages in their TL form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.mtproto.services import tl_told
from sandbox.mtproto.tl import types
from sandbox.world import File, Message

if TYPE_CHECKING:
    from sandbox.mtproto.files import FileReferences

DC_ID = 2  # the one data centre
FULL_SIZE = "y"  # the one size that is kept of a photo


def tl_media(message: Message, references: FileReferences) -> Any:
    """Give what a message carries besides its text; None where it carries nothing."""
    if message.file and message.file.kind == "photo":
        return types.MessageMediaPhoto(photo=tl_photo(message.file, message, references), ttl_seconds=message.ttl)
    if message.file:
        return _tl_document_media(message.file, message, references)
    return tl_told(message.service or {})


def tl_photo(file: File, message: Message | None, references: FileReferences) -> Any:
    size = types.PhotoSize(FULL_SIZE, file.width or 0, file.height or 0, len(file.data))
    date = message.date if message else None
    return types.Photo(file.id, file.access_hash, references.of(file.id), date, sizes=[size], dc_id=DC_ID)


def _tl_document_media(file: File, message: Message, references: FileReferences) -> Any:
    document = types.Document(
        file.id,
        file.access_hash,
        references.of(file.id),
        message.date,
        mime_type=file.mime,
        size=len(file.data),
        dc_id=DC_ID,
        attributes=_attributes(file),
    )
    return types.MessageMediaDocument(
        document=document,
        voice=file.kind == "voice",
        round=file.kind == "video_note",
        video=file.kind in {"video", "video_note"},
        ttl_seconds=message.ttl,
    )


def _attributes(file: File) -> list[Any]:
    attributes = [types.DocumentAttributeFilename(file.name)] if file.name else []
    duration, width, height = file.duration or 0, file.width or 0, file.height or 0
    match file.kind:
        case "voice":
            attributes.append(types.DocumentAttributeAudio(duration, voice=True))
        case "audio":
            attributes.append(types.DocumentAttributeAudio(duration, title=file.title, performer=file.performer))
        case "video" | "video_note":
            is_round = file.kind == "video_note"
            attributes.append(types.DocumentAttributeVideo(duration, width, height, round_message=is_round))
        case "animation":
            attributes += [types.DocumentAttributeVideo(duration, width, height), types.DocumentAttributeAnimated()]
        case "sticker":
            attributes.append(types.DocumentAttributeImageSize(width, height))
            attributes.append(types.DocumentAttributeSticker(file.emoji or "", types.InputStickerSetEmpty()))
    return attributes
