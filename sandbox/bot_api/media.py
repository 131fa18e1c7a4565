"""Files on their way in: uploads with a call, and files that are sent again by their file_id."""

from __future__ import annotations

from typing import Any, cast

from sandbox.bot_api.calls import Caller, Upload
from sandbox.bot_api.file_ids import file_by_id
from sandbox.world import File, FileKind, Refused, image_size

MAX_PHOTO = 10 * 1024 * 1024  # Bot API, sendPhoto: "at most 10 MB in size"
MAX_SIDES = 10_000  # Bot API, sendPhoto: "width and height must not exceed 10000 in total"
MAX_RATIO = 20
_USUAL_MIME = {
    "voice": "audio/ogg", "video": "video/mp4", "video_note": "video/mp4", "animation": "video/mp4",
    "audio": "audio/mpeg", "photo": "image/jpeg", "sticker": "image/webp",
}  # fmt: skip


def resolve_media(caller: Caller, kind: str, source: Any, about: Any) -> File:
    """Find the file that a call names: `attach://…`, or a file_id. Refuses files that are wrong for their kind."""
    word = str(source)
    if word.startswith("attach://"):
        upload = caller.uploads.get(word.removeprefix("attach://"))
        if upload is None:
            raise Refused.bad_request(f"there is no {kind.replace('_', ' ')} in the request")
        return _store(caller, cast("FileKind", kind), upload, about)
    if word.startswith(("http://", "https://")):  # the sandbox reaches nothing outside itself
        raise Refused.bad_request("failed to get HTTP URL content")
    file = file_by_id(caller.world, word, caller.bot_id)
    if file.kind != kind:
        raise Refused.bad_request(f"can't use file of type {_title(file.kind)} as {_title(kind)}")
    return file


def _title(kind: str) -> str:
    return kind.title().replace("_", "")


def _store(caller: Caller, kind: FileKind, upload: Upload, about: Any) -> File:
    if not upload.data:
        raise Refused.bad_request("file must be non-empty")
    if kind == "photo":
        _check_photo(upload.data)
    mime = upload.mime if kind == "document" or upload.mime.split("/")[0] in {"audio", "video", "image"} else ""
    return caller.world.store_file(
        upload.data,
        kind,
        name=upload.name if kind in {"document", "audio", "video", "animation"} else None,
        mime=mime or _USUAL_MIME[kind],
        width=getattr(about, "width", None) or getattr(about, "length", None),
        height=getattr(about, "height", None) or getattr(about, "length", None),
        duration=getattr(about, "duration", None),
        emoji=getattr(about, "emoji", None),
        title=getattr(about, "title", None),
        performer=getattr(about, "performer", None),
    )


def _check_photo(data: bytes) -> None:
    if len(data) > MAX_PHOTO:
        raise Refused.bad_request(
            f"file of size {len(data)} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes"
        )
    size = image_size(data)
    if size is None or not min(size):
        raise Refused.bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > MAX_SIDES or max(size) > MAX_RATIO * min(size):
        raise Refused.bad_request("PHOTO_INVALID_DIMENSIONS")
