"""What a person does on the page: write, edit, delete, press, read, connect a bot."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.page.reading import Drafts, number
from sandbox.page.views import ALONE, Json, Views
from sandbox.world import ANSWER_TIME, File, FileKind, Message, Refused, World
from sandbox.world.autolinks import utf16_length

_LONGEST = 4096  # UTF-16 units in one message; a client splits what is longer
_PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})


class Acting:
    """Routes by which one person (`me` in the path) changes the world."""

    def __init__(self, world: World, views: Views, drafts: Drafts | None) -> None:
        self.world = world
        self.views = views
        self.drafts = drafts

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(r"/api/{me:\d+}/send/{peer:-?\d+}", self.send),
            web.post(r"/api/{me:\d+}/files/{peer:-?\d+}", self.send_files),
            web.post(r"/api/{me:\d+}/edit/{message:\d+}", self.edit),
            web.post(r"/api/{me:\d+}/react/{message:\d+}", self.react),
            web.post(r"/api/{me:\d+}/delete", self.delete),
            web.post(r"/api/{me:\d+}/press/{message:\d+}", self.press),
            web.post(r"/api/{me:\d+}/read/{peer:-?\d+}", self.read),
            web.post(r"/api/{me:\d+}/block/{peer:-?\d+}", self.block),
            web.post("/api/people", self.new_person),
        ]

    async def send(self, request: web.Request) -> web.Response:
        """Write a text, or as many as its length takes."""
        asked, me, peer = await request.json(), number(request, "me"), number(request, "peer")
        reply = self._uid(me, asked.get("reply"), peer)
        sent: list[Message] = []
        for part in split(text_of(asked)):
            answers, topic = None if sent else reply, asked.get("topic") or None
            sent.append(self.world.send(me, peer, part, reply_to=answers, topic=topic, service=asked.get("service")))
        if self.drafts is not None:
            self.drafts.drop(me, peer)
        return self._sent(me, sent)

    async def send_files(self, request: web.Request) -> web.Response:
        """Send files with one caption; two photos or more make an album."""
        me, peer = number(request, "me"), number(request, "peer")
        files, caption, reply, topic = await self._upload(request)
        if not files:
            raise Refused.bad_request("there is no file in the request")
        reply_to = self._uid(me, int(reply) if reply else None, peer)
        album = self.world.new_album() if len(files) > 1 and all(file.kind == "photo" for file in files) else None
        sent = [
            self.world.send(
                me,
                peer,
                "" if at else caption,
                file=file,
                album_id=album,
                reply_to=None if at else reply_to,
                topic=int(topic) if topic else None,
            )
            for at, file in enumerate(files)
        ]
        return self._sent(me, sent)

    async def _upload(self, request: web.Request) -> tuple[list[File], str, str, str]:
        files: list[File] = []
        words = {"caption": "", "reply": "", "topic": ""}
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if part.filename is None:
                words[part.name or ""] = await part.text()
                continue
            mime = part.headers.get("Content-Type", "application/octet-stream")
            kind: FileKind = "photo" if part.name == "photo" and mime in _PHOTOS else "document"
            data = bytes(await part.read())
            files.append(self.world.store_file(data, kind, name=part.filename, mime=mime))
        return files, words["caption"], words["reply"], words["topic"]

    async def edit(self, request: web.Request) -> web.Response:
        asked, me = await request.json(), number(request, "me")
        message = self._message(me, number(request, "message"), asked.get("peer"))
        return self._sent(me, [self.world.edit(message.uid, text=text_of(asked), by=me)])

    async def react(self, request: web.Request) -> web.Response:
        """Put an emoji under a message in place of one's own earlier one; an empty one takes it away."""
        asked, me = await request.json(), number(request, "me")
        message = self._message(me, number(request, "message"), asked.get("peer"))
        signs = [str(asked["emoji"])] if asked.get("emoji") else []
        return self._sent(me, [self.world.react(message.uid, *signs, by=me)])

    async def delete(self, request: web.Request) -> web.Response:
        """Delete for both sides."""
        asked, me = await request.json(), number(request, "me")
        found = [self._found(me, int(each), asked.get("peer")) for each in asked["messages"]]
        self.world.delete([message.uid for message in found if message], by=me)
        return web.json_response({})

    async def press(self, request: web.Request) -> web.Response:
        """Press a callback button and wait for the bot, as long as a client does; null where it stays silent."""
        asked, me = await request.json(), number(request, "me")
        message = self._message(me, number(request, "message"), asked.get("peer"))
        pressed = self.world.press(me, message.uid, str(asked["data"]))
        try:
            answer = await asyncio.wait_for(asyncio.shield(pressed), ANSWER_TIME.total_seconds())
        except TimeoutError:
            answer = None
        if answer is None:
            return web.json_response(None)
        return web.json_response({"text": answer.text, "alert": answer.show_alert, "url": answer.url})

    async def read(self, request: web.Request) -> web.Response:
        self.world.read(number(request, "me"), number(request, "peer"))
        return web.json_response({})

    async def block(self, request: web.Request) -> web.Response:
        asked = await request.json()
        act = self.world.block if asked["blocked"] else self.world.unblock
        act(number(request, "me"), number(request, "peer"))
        return web.json_response({})

    async def new_person(self, request: web.Request) -> web.Response:
        """Let somebody sign up: the client who has never written."""
        asked: Json = await request.json()
        name, last = str(asked.get("name", "")).strip(), str(asked.get("last_name", "")).strip()
        if not name:
            raise Refused.bad_request("a person needs a name")
        person = self.world.add_person(name[:64], last[:64] or None, language=str(asked.get("language", "en")))
        return web.json_response(self.views.person(person))

    def _found(self, me: int, message_id: int, peer: int | None) -> Message | None:
        """A message by its number, which in a supergroup is not the account's own; or one that he is shown alone."""
        if message_id >= ALONE:
            alone = self.world.messages.get(message_id - ALONE)
            return alone if alone is not None and alone.receiver_id == me and not alone.deleted else None
        if peer is None or peer > 0:
            return self.world.message_for(me, message_id)
        return self.world.message_in(me, peer, message_id)

    def _message(self, me: int, message_id: int, peer: int | None) -> Message:
        message = self._found(me, message_id, peer)
        if message is None:
            raise Refused.bad_request("message not found")
        return message

    def _uid(self, me: int, message_id: int | None, peer: int) -> int | None:
        return self._message(me, message_id, peer).uid if message_id else None

    def _sent(self, me: int, messages: list[Message]) -> web.Response:
        return web.json_response([self.views.message(message, me) for message in messages])


def text_of(asked: dict[str, Any]) -> str:
    """The text of a request without the space around it, which Telegram cuts off."""
    text = str(asked.get("text", "")).strip()
    if not text and not asked.get("service"):
        raise Refused.bad_request("message text is empty")
    return text


def split(text: str) -> list[str]:
    """Cut a text into messages, at a line's or word's end where there is one; lengths count UTF-16 units."""
    parts: list[str] = []
    while utf16_length(text) > _LONGEST:
        piece = text.encode("utf-16-le")[: 2 * _LONGEST].decode("utf-16-le", "ignore")
        end = max(piece.rfind("\n"), 0) or max(piece.rfind(" "), 0) or len(piece)
        parts.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*parts, text]
