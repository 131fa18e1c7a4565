"""Writing as the account itself: a member's answer as a message, or as a draft in the owner's own clients.

The device writes nothing but this, marks nothing as read and shows nobody typing. What Telegram refuses, or wants to
be left in peace about, stops the account's other answers too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from crm import safety
from crm.ports import Later, Outgoing, Sent, Unknown, Unsent
from crm.seen import File
from crm.userbots import Book
from userbot.client import Cut, Flooded, Frozen, Line, Refused, Revoked
from userbot.people import People
from userbot.tl import functions, types
from userbot.translate import entity, tl_entity
from userbot.uploading import upload

SENT_BEFORE = "RANDOM_ID_DUPLICATE"  # Telegram: it has taken a message under this random id


class Sender:
    """Writes over one connection."""

    def __init__(self, line: Line, people: People, book: Book) -> None:
        self._line, self._people, self._book = line, people, book
        self._silent_until: datetime | None = None  # a flood wait of what is written, not of what is read

    async def send(self, message: Outgoing) -> Sent | None:
        """A message. None where it had arrived before. Raises Unsent, Later, Unknown."""
        if message.file is not None:
            return await self._send_file(message, message.file)
        request = functions.messages.SendMessageRequest(
            self._peer(message),
            message.text,
            entities=self._entities(message),
            reply_to=_reply(message),
            random_id=message.random_id,
        )
        return await self._told(request, message)

    async def _send_file(self, message: Outgoing, file: File) -> Sent | None:
        request = functions.messages.SendMediaRequest(
            self._peer(message),
            await upload(self._ask, file, message.content or b"", message.random_id),
            message.text,
            entities=self._entities(message),
            reply_to=_reply(message),
            random_id=message.random_id,
        )
        sent = await self._told(request, message)
        return replace(sent, file=file) if sent is not None else None

    async def _told(self, request: Any, message: Outgoing) -> Sent | None:
        try:
            answer = await self._ask(request)
        except Unsent as unsent:
            if unsent.reason == SENT_BEFORE:
                return None
            raise
        return _sent(answer, message)

    async def draft(self, message: Outgoing) -> None:
        """A draft, in place of one that stands there. Raises Unsent, Later, Unknown."""
        peer, reply = self._peer(message), _reply(message)
        draft = functions.messages.SaveDraftRequest(
            peer=peer, message=message.text, entities=self._entities(message), reply_to=reply
        )
        await self._ask(draft)

    def _peer(self, message: Outgoing) -> Any:
        found = self._people.input(message.peer_id)
        if found is None:
            raise Unsent("unmet")
        return found

    def _entities(self, message: Outgoing) -> list[Any] | None:
        """None rather than an empty list, as Telegram's own clients do; who was never met cannot be mentioned."""
        return [mark for one in message.entities if (mark := tl_entity(one, self._people)) is not None] or None

    async def _ask(self, request: Any) -> Any:
        clock = self._book.installation.clock
        if self._silent_until is not None and clock.now() < self._silent_until:
            raise Later("flood", (self._silent_until - clock.now()).total_seconds())
        try:
            return await self._line.call(request)
        except Flooded as flood:
            self._silent_until = clock.now() + timedelta(seconds=flood.seconds)
            await safety.flooded(self._book, flood.seconds)
            raise Later("flood", flood.seconds) from flood
        except Cut as cut:
            raise Unknown("offline") from cut
        except (Frozen, Revoked) as end:
            await self._line.hang_up()  # the next connection is told so again, and ends or pauses the device
            raise Unsent(end.reason) from end
        except Refused as refusal:
            raise Unsent(refusal.reason) from refusal


def _reply(message: Outgoing) -> Any:
    return None if message.reply_to_id is None else types.InputReplyToMessage(message.reply_to_id)


def _sent(answer: Any, message: Outgoing) -> Sent | None:
    """What Telegram made of it: in short, or among updates. None where it only says that it had it before."""
    if isinstance(answer, types.UpdateShortSentMessage):
        return Sent(answer.id, answer.date, message.text, _entities(answer), by_bot=False)
    named = {one.random_id: one.id for one in answer.updates if isinstance(one, types.UpdateMessageID)}
    written = (one.message for one in answer.updates if isinstance(one, types.UpdateNewMessage))
    found = next((one for one in written if one.id == named.get(message.random_id)), None)
    return Sent(found.id, found.date, found.message, _entities(found), by_bot=False) if found is not None else None


def _entities(written: Any) -> list[dict[str, Any]]:
    return [fact for mark in written.entities or () if (fact := entity(mark))]
