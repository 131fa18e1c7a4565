"""From an HTTP request to one of aiogram's own method models, with the files that came along."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiohttp import BodyPartReader, MultipartReader, web
from pydantic import ValidationError

from sandbox.bot_api.bot import ServedBot
from sandbox.world import Refused, World

MAX_UPLOAD = 50 * 1024 * 1024  # Bot API: "Bots can currently send files of up to 50 MB in size"

_WORDS_FOR_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "file_id": "file_id not specified",
    "media": "media not found",
    "commands": 'parameter "commands" is required',
    "action": "wrong parameter action in request",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "video": "there is no video in the request",
    "audio": "there is no audio in the request",
    "voice": "there is no voice in the request",
    "sticker": "there is no sticker in the request",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came over the wire."""

    name: str
    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, in which world, and what he uploads with the call."""

    world: World
    bot: ServedBot
    uploads: Mapping[str, Upload]

    @property
    def bot_id(self) -> int:
        return self.bot.id


async def read_request(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Read query, form, multipart or JSON. Refuses files past 50 MB as a whole."""
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        values |= await _read_json(request)
    elif request.content_type.startswith("multipart/"):
        await read_multipart(await request.multipart(), values, uploads)
    else:
        values |= await request.post()
    return values, uploads


async def _read_json(request: web.Request) -> dict[str, Any]:
    try:
        values = json.loads(await request.read())
    except ValueError:
        raise Refused.bad_request("can't parse JSON object") from None
    if not isinstance(values, dict):
        raise Refused.bad_request("can't parse JSON object")
    return values


async def read_multipart(reader: MultipartReader, values: dict[str, Any], uploads: dict[str, Upload]) -> None:
    """Read the parts of a form into plain values and uploads. Refuses more than 50 MB."""
    size = 0
    async for part in reader:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytearray()
        while chunk := await part.read_chunk(1 << 18):
            size += len(chunk)
            if size <= MAX_UPLOAD:  # past it, the rest is only drained, so that the sender hears the answer
                data += chunk
        if part.filename is None:
            values[part.name] = data.decode("utf-8", "replace")
        else:
            mime = mimetypes.guess_type(part.filename)[0] or "application/octet-stream"
            uploads[part.name] = Upload(part.filename, mime, bytes(data))
            values[part.name] = f"attach://{part.name}"
    if size > MAX_UPLOAD:
        raise Refused(413, "Request Entity Too Large")


def parse(model: type[TelegramMethod[Any]], values: Mapping[str, Any]) -> TelegramMethod[Any]:
    """Make the method model of a call. Refuses what does not fit it, in Telegram's words where they are known."""
    fields = model.model_fields
    known = {name: _decoded(name, value, fields[name].annotation) for name, value in values.items() if name in fields}
    try:
        call = model.model_validate(known)
    except ValidationError as error:
        raise _refusal(error) from None
    for name, value in call:
        if isinstance(value, Default):  # aiogram's mark for "whatever the bot's default is": over the wire, nothing
            setattr(call, name, None)
    return call


def _decoded(name: str, value: Any, annotation: Any) -> Any:
    if isinstance(value, str) and value[:1] in {"{", "["} and not _takes_text(annotation):
        try:
            return json.loads(value)
        except ValueError:
            raise Refused.bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None
    return value


def _takes_text(annotation: Any) -> bool:
    if get_origin(annotation) in {Union, UnionType}:
        return any(_takes_text(part) for part in get_args(annotation) if part is not NoneType)
    return annotation is str


def _refusal(error: ValidationError) -> Refused:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else "request"
    if first["type"] == "missing" and len(first["loc"]) == 1:
        return Refused.bad_request(_WORDS_FOR_MISSING.get(name, f'parameter "{name}" is required'))
    if name == "reply_markup":
        return Refused.bad_request("object expected as reply markup")
    return Refused.bad_request(f"can't parse {name.replace('_', ' ')}: {first['msg'].lower()}")
