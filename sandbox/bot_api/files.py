"""Files on their way out: getFile and the download behind it."""

from __future__ import annotations

import mimetypes
from http import HTTPStatus
from pathlib import PurePosixPath

from aiogram import methods, types
from aiohttp import web

from sandbox.bot_api.calls import Caller
from sandbox.bot_api.file_ids import file_by_id, file_id, file_unique_id
from sandbox.bot_api.trouble import break_off
from sandbox.world import Faults, File, Refused

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


async def give(request: web.Request, file: File, faults: Faults) -> web.StreamResponse:
    """Send a file, from where the caller has asked for it; the faults of downloads strike here."""
    try:
        start = request.http_range.start or 0
    except ValueError:
        start = len(file.data) + 1
    if faults.take("bot_api_file_whole"):
        start = 0
    if start > len(file.data) or (start and start == len(file.data)):
        return web.Response(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
    data, status = file.data[start:], HTTPStatus.PARTIAL_CONTENT if start else HTTPStatus.OK
    if faults.take("bot_api_file_cut"):
        return await break_off(request, data, status=status)
    if slow := faults.take("bot_api_file_slow"):
        return await break_off(request, data, status=status, after=slow.seconds)
    mime = mimetypes.guess_type(request.path)[0] or "application/octet-stream"
    return web.Response(body=data, status=status, content_type=mime)


def _path(file: File) -> str:
    ending = (
        PurePosixPath(file.name or "").suffix or _USUAL_ENDINGS.get(file.kind) or mimetypes.guess_extension(file.mime)
    )
    return f"{_FOLDERS[file.kind]}/file_{file.id & 0xFFFFFFFF}{ending or ''}"
