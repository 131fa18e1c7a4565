"""Files on their way out: getFile and the download behind it."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

from aiogram import methods, types

from sandbox.bot_api.calls import Caller
from sandbox.bot_api.file_ids import file_by_id, file_id, file_unique_id
from sandbox.world import File, Refused

MAX_DOWNLOAD = 20 * 1024 * 1024  # Bot API, getFile
_FOLDERS = {
    "photo": "photos", "document": "documents", "voice": "voice", "video": "videos", "video_note": "video_notes",
    "sticker": "stickers", "audio": "music", "animation": "animations",
}  # fmt: skip
_USUAL_ENDINGS = {"photo": ".jpg", "voice": ".oga", "sticker": ".webp", "video_note": ".mp4"}


def get_file(caller: Caller, call: methods.GetFile) -> types.File:
    """Make a file ready for download. Refuses files past 20 MB."""
    file = file_by_id(caller.world, call.file_id, caller.bot_id)
    if len(file.data) > MAX_DOWNLOAD:
        raise Refused.bad_request("file is too big")
    path = _path(file)
    caller.bot.downloads[path] = file
    return types.File(
        file_id=file_id(file, caller.bot_id),
        file_unique_id=file_unique_id(file),
        file_size=len(file.data),
        file_path=path,
    )


def _path(file: File) -> str:
    ending = (
        PurePosixPath(file.name or "").suffix or _USUAL_ENDINGS.get(file.kind) or mimetypes.guess_extension(file.mime)
    )
    return f"{_FOLDERS[file.kind]}/file_{file.id & 0xFFFFFFFF}{ending or ''}"
