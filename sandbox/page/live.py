"""What happens while a window is open, told to it over a WebSocket as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

from aiohttp import web

from sandbox.page.reading import number, reply_keyboard
from sandbox.page.views import Json, Views
from sandbox.world import (
    Acting,
    AdminChanged,
    BlockChanged,
    BusinessChanged,
    ChatRead,
    EphemeralChanged,
    Event,
    GroupChanged,
    Message,
    MessageEdited,
    MessageReacted,
    MessagesDeleted,
    MessageSent,
    PersonChanged,
    TopicChanged,
    World,
)


class Live:
    """The open windows and what each is told."""

    def __init__(self, world: World, views: Views) -> None:
        self.world = world
        self.views = views
        self._queues: dict[asyncio.Queue[Json | None], int] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.get(r"/api/{me:\d+}/live", self.follow)]

    def start(self) -> None:
        self.world.subscribe(self._hear)
        self.world.on_time(lambda now: self._tell_all({"type": "time", "now": now.timestamp()}))

    def stop(self) -> None:
        """Say goodbye to every window."""
        self.world.unsubscribe(self._hear)
        for queue in self._queues:
            queue.put_nowait(None)

    async def follow(self, request: web.Request) -> web.WebSocketResponse:
        """Tell one window everything that concerns its person, until either side hangs up."""
        person = self.world.person(number(request, "me"))
        socket = web.WebSocketResponse(heartbeat=20)
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._queues[queue] = person.id  # before the window hears that the line is up: nothing falls between
        try:
            await socket.prepare(request)
            async with asyncio.TaskGroup() as tasks:
                pump = tasks.create_task(_pump(queue, socket))
                async for _ in socket:  # the page says nothing; this ends when it hangs up
                    pass
                pump.cancel()
        finally:
            del self._queues[queue]
        return socket

    def _tell_all(self, told: Json) -> None:
        for queue in self._queues:
            queue.put_nowait(told)

    def _hear(self, event: Event) -> None:
        """Put an event in the words of each open window; everyone hears of new people and of unread counts."""
        for queue, person in self._queues.items():
            for told in self._told(event, person):
                queue.put_nowait(told)

    def _told(self, event: Event, person: int) -> Iterator[Json]:
        if isinstance(event, PersonChanged):
            yield {"type": "person", "person": self.views.person(event.person)}
        if person in event.accounts:
            yield from self._told_to_one(event, person)
        if isinstance(event, MessageSent | MessagesDeleted | ChatRead):
            for account in event.accounts:
                yield from self._badge(account)

    def _told_to_one(self, event: Event, person: int) -> Iterator[Json]:
        match event:
            case MessageSent(message=message):
                peer = message.chat.peer_of(person)
                yield {"type": "message", "message": self.views.message(message, person), **self._row(person, peer)}
            case MessageEdited(message=message) | MessageReacted(message=message):
                peer = message.chat.peer_of(person)
                yield {"type": "edit", "message": self.views.message(message, person), **self._row(person, peer)}
            case MessagesDeleted(messages=messages, chat=chat):
                gone = [message.number(person) for message in messages]
                yield {"type": "delete", "messages": gone, **self._row(person, chat.peer_of(person))}
            case ChatRead(reader_id=reader, peer_id=peer):
                yield {"type": "read", **self._row(person, peer if reader == person else reader)}
            case Acting(sender_id=sender, action=action):
                yield {"type": "acting", "peer": sender, "action": action}
            case BusinessChanged():
                yield {"type": "settings"}
            case EphemeralChanged(message=message):
                yield {**self._alone(message, person), **self._row(person, message.chat.peer_of(person))}
            case GroupChanged(group=group) | AdminChanged(group=group) | TopicChanged(group=group):
                yield {"type": "settings", "peer": group.id, **self._row(person, group.id)}
            case BlockChanged(person_id=one, peer_id=other):
                yield {"type": "settings", "peer": other if one == person else one}

    def _alone(self, message: Message, person: int) -> Json:
        """What only this member is shown is new, has changed, or is gone."""
        if message.deleted:
            return {"type": "delete", "messages": [self.views.number(message, person)]}
        kind = "message" if message.edited_at is None else "edit"
        return {"type": kind, "message": self.views.message(message, person)}

    def _row(self, person: int, peer: int) -> Json:
        box = self.world.account(person).boxes.get(peer)
        if box is None or getattr(box.chat, "migrated_to", None):
            return {"peer": peer, "row": None, "keyboard": None, "read": 0}
        keyboard = reply_keyboard(box) if peer > 0 and self.world.person(peer).is_bot else None
        return {"peer": peer, "row": self.views.dialog(box), "keyboard": keyboard, "read": box.read_outbox}

    def _badge(self, account: int) -> Iterator[Json]:
        if account in self.views.roles:
            boxes = self.world.account(account).boxes.values()
            yield {"type": "badge", "person": account, "unread": sum(box.unread > 0 for box in boxes)}


async def _pump(queue: asyncio.Queue[Json | None], socket: web.WebSocketResponse) -> None:
    with suppress(ConnectionError):  # the window is gone; its reader ends by itself
        while (told := await queue.get()) is not None:
            await socket.send_json(told)
        await socket.close()
