"""What a client attaches to a message: an upload, or a file that it has seen before."""

from __future__ import annotations

from typing import Any

from sandbox.mtproto.calls import BadRequest, Call
from sandbox.mtproto.files import known_file
from sandbox.mtproto.tl import types
from sandbox.world import File, FileKind


def attached_file(call: Call, media: Any) -> File:
    """Give the file that an InputMedia means, stored if it is new. Refuses kinds that the sandbox does not carry."""
    match media:
        case types.InputMediaPhoto() | types.InputMediaDocument():
            return known_file(call, media.id)
        case types.InputMediaUploadedPhoto():
            data = call.server.uploads.whole(call.me.id, media.file)
            return call.world.store_file(data, "photo", name=media.file.name, mime="image/jpeg")
        case types.InputMediaUploadedDocument():
            return _document(call, media)
        case _:
            raise BadRequest("MEDIA_INVALID")


def _document(call: Call, media: Any) -> File:
    said = {type(attribute): attribute for attribute in media.attributes}
    name = said.get(types.DocumentAttributeFilename)
    length = said.get(types.DocumentAttributeVideo) or said.get(types.DocumentAttributeAudio)
    return call.world.store_file(
        call.server.uploads.whole(call.me.id, media.file),
        _kind(said),
        name=name.file_name if name else media.file.name,
        mime=media.mime_type,
        width=getattr(length, "w", None),
        height=getattr(length, "h", None),
        duration=int(length.duration) if length else None,
    )


def _kind(said: dict[type, Any]) -> FileKind:
    if types.DocumentAttributeSticker in said:
        return "sticker"
    if types.DocumentAttributeAnimated in said:
        return "animation"
    if video := said.get(types.DocumentAttributeVideo):
        return "video_note" if video.round_message else "video"
    if audio := said.get(types.DocumentAttributeAudio):
        return "voice" if audio.voice else "audio"
    return "document"
