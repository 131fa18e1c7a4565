"""What a message carries besides its text: kind, file, and the facts that have no column, in the Bot API's words."""

from __future__ import annotations

from math import ceil
from typing import Any

from crm.seen import VANISHES, File
from userbot.tl import types
from userbot.told import told

Content = tuple[str, File | None, dict[str, Any]]

# Which details the Bot API gives of each kind of file; the two sources must describe a file alike.
_NAMED = frozenset({"document", "video", "audio", "animation"})
_TYPED = frozenset({*_NAMED, "voice"})
_NOT_CONTENT = (types.MessageMediaWebPage, types.MessageMediaEmpty)  # a preview of a link is no message


def carried(message: Any) -> Content:
    """Kind, file and further facts of a message that carries something."""
    media = message.media
    if isinstance(media, types.MessageMediaPhoto):
        return _photo(media, message.id)
    if isinstance(media, types.MessageMediaDocument):
        return _document(media, message.id)
    if isinstance(media, _NOT_CONTENT):
        return "text", None, {}
    kind, facts = told(media)
    return kind, None, {"service": "unknown"} if kind == "service" else {kind: facts}


def _photo(media: Any, message_id: int) -> Content:
    """A photo by its largest size, as the last in the Bot API's list."""
    if media.ttl_seconds or not isinstance(media.photo, types.Photo):
        return "photo", None, _vanished(media)
    sizes = [size for size in media.photo.sizes if hasattr(size, "w") and _bytes(size)]
    if not sizes:
        return "photo", None, {}
    largest = max(sizes, key=lambda size: (size.w * size.h, _bytes(size)))
    file = File(
        kind="photo",
        mime="image/jpeg",
        size=_bytes(largest),
        width=largest.w,
        height=largest.h,
        userbot=handle(media.photo, message_id, thumb=largest.type),
    )
    return "photo", file, {}


def _document(media: Any, message_id: int) -> Content:
    document = media.document
    if media.ttl_seconds or not isinstance(document, types.Document):
        return _kind_by_flags(media), None, _vanished(media)
    facts = {type(attribute): attribute for attribute in document.attributes}
    kind = _kind(facts)
    width, height, duration = _measures(kind, facts)
    name = facts.get(types.DocumentAttributeFilename)
    file = File(
        kind=kind,
        mime=document.mime_type or None if kind in _TYPED else None,
        name=name.file_name if name is not None and kind in _NAMED else None,
        size=document.size,
        width=width,
        height=height,
        duration=duration,
        userbot=handle(document, message_id),
    )
    emoji = facts[types.DocumentAttributeSticker].alt if kind == "sticker" else None
    return kind, file, {"sticker": {"emoji": emoji}} if emoji else {}


def _kind(facts: dict[type, Any]) -> str:
    """The kind of a document: a sticker may be a video too, and so may an animation."""
    if types.DocumentAttributeSticker in facts:
        return "sticker"
    if types.DocumentAttributeAnimated in facts:
        return "animation"
    video, audio = facts.get(types.DocumentAttributeVideo), facts.get(types.DocumentAttributeAudio)
    if video is not None:
        return "video_note" if video.round_message else "video"
    if audio is not None:
        return "voice" if audio.voice else "audio"
    return "document"


def _kind_by_flags(media: Any) -> str:
    """The kind of a document that is not there any more."""
    if media.voice:
        return "voice"
    if media.round:
        return "video_note"
    return "video" if media.video else "document"


def _measures(kind: str, facts: dict[type, Any]) -> tuple[int | None, int | None, int | None]:
    """Width, height and duration, for the kinds of which the Bot API tells them."""
    video, audio = facts.get(types.DocumentAttributeVideo), facts.get(types.DocumentAttributeAudio)
    if kind in {"video", "video_note", "animation"} and video is not None:
        return video.w, video.h, ceil(video.duration)
    if kind in {"voice", "audio"} and audio is not None:
        return None, None, ceil(audio.duration)
    shape = video or facts.get(types.DocumentAttributeImageSize)
    return (shape.w, shape.h, None) if kind == "sticker" and shape is not None else (None, None, None)


def _vanished(media: Any) -> dict[str, Any]:
    """Media that destroys itself is never kept; nor is there more to say of what has already gone."""
    return {VANISHES: True} if media.ttl_seconds else {}


def _bytes(size: Any) -> int:
    """The length of one size of a photo; a progressive one is whole at its last step."""
    if isinstance(size, types.PhotoSizeProgressive):
        return max(size.sizes, default=0)
    return len(size.bytes) if hasattr(size, "bytes") else getattr(size, "size", 0)


def handle(file: Any, message_id: int, *, thumb: str = "") -> dict[str, Any]:
    """The road to a file: what Telegram wants to hear, and the message that gives a new reference when this is old."""
    return {
        "what": "photo" if isinstance(file, types.Photo) else "document",
        "id": file.id,
        "access_hash": file.access_hash,
        "reference": file.file_reference.hex(),
        "thumb": thumb,
        "dc": file.dc_id,
        "message_id": message_id,
    }
