"""What people do in the world, by chance: they write, answer, react, change their words and take them back."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sandbox.world import (
    EDIT_WINDOW,
    VIEW_ONCE,
    Entity,
    Event,
    FileKind,
    Group,
    Message,
    MessageEdited,
    MessagesDeleted,
    MessageSent,
    Person,
    Quote,
    Refused,
    World,
)
from tests.soak.circles import Circles

SIGNS: Sequence[str | int] = ("👍", "🔥", "❤", 5368324170671202286)
LATELY = 60  # messages that somebody may still think of
KINDS: Sequence[tuple[FileKind, str]] = (
    ("photo", "image/jpeg"),
    ("document", "application/pdf"),
    ("voice", "audio/ogg"),
    ("video", "video/mp4"),
)


class Traffic:
    """Conversations between the accounts that are mirrored and their clients; `tally` counts what was done."""

    def __init__(
        self,
        world: World,
        chance: random.Random,
        accounts: Sequence[Person],
        clients: Sequence[Person],
        circles: Circles,
    ) -> None:
        self._world = world
        self._circles = circles
        self._chance = chance
        self._accounts, self._clients = accounts, [*clients]
        self._said: list[Message] = []
        self._deleted_at: dict[int, datetime] = {}
        self._written_at: dict[int, datetime] = {}
        self.tally: Counter[str] = Counter()
        world.subscribe(self._hear)

    def burst(self, acts: int) -> None:
        """Let so many things happen, each a while after the other."""
        ways = {
            self._write: 44,
            self._send_file: 8,
            self._send_album: 4,
            self._forward: 3,
            self._protect: 1,
            self._edit: 20,
            self._delete: 10,
            self._react: 12,
            self._read: 6,
            self._arrive: 1,
            self._circles.happens: 5,
        }
        for _ in range(acts):
            self._world.clock.advance(timedelta(seconds=self._chance.randint(1, 40)))
            self._chance.choices(list(ways), weights=list(ways.values()))[0]()

    def last_words(self) -> None:
        """Everybody hears one thing more: with it a device sees whether it has missed something before."""
        for account in self._accounts:
            self._say(self._chance.choice(self._clients), account)
        for group in self._circles.standing:
            self._say(self._world.person(group.owner_id), group)

    def written_at(self, message: Message) -> datetime:
        """When a text became what it is."""
        return self._written_at.get(message.uid, message.date)

    def deleted_at(self, message: Message) -> datetime | None:
        return self._deleted_at.get(message.uid)

    def _hear(self, event: Event) -> None:
        now = self._world.clock.now()
        match event:
            case MessageSent(message=message) | MessageEdited(message=message):
                self._written_at[message.uid] = now
            case MessagesDeleted(messages=messages):
                self._deleted_at |= {message.uid: now for message in messages}
            case _:
                pass

    def _pair(self) -> tuple[Person, Person | Group]:
        """Who writes to whom: mostly a client and an account, sometimes one account to another, or into a group."""
        circles = self._circles.standing
        if circles and self._chance.random() < 0.35:
            group = self._chance.choice(circles)
            return self._world.person(self._chance.choice(group.members)), group
        return self._two()

    def _two(self) -> tuple[Person, Person]:
        account = self._chance.choice(self._accounts)
        others = [one for one in (*self._clients, *self._clients, *self._accounts) if one is not account]
        sides = [account, self._chance.choice(others)]
        self._chance.shuffle(sides)
        return sides[0], sides[1]

    def _say(self, sender: Person, to: Person | Group, text: str | None = None, **more: object) -> Message:
        said = self._world.send(sender.id, to.id, self._words() if text is None else text, **more)  # type: ignore[arg-type]  # what `send` takes
        self._said.append(said)
        self.tally["messages"] += 1
        self.tally["messages in groups"] += isinstance(to, Group)
        return said

    def _words(self) -> str:
        return self._chance.choice(("Question", "Bestellung", "Вопрос", "🌷 Rosen")) + f" {len(self._said)}"

    def _write(self) -> None:
        sender, to = self._pair()
        box = self._world.account(sender.id).boxes.get(to.id)
        answered = box.top if box and self._chance.random() < 0.3 else None
        quoted = Quote(answered.text[:4]) if answered and answered.text and self._chance.random() < 0.3 else None
        bold = [Entity("bold", 0, 4)] if self._chance.random() < 0.2 else []
        self._say(sender, to, entities=bold, reply_to=answered.uid if answered else None, quote=quoted)

    def _send_file(self) -> None:
        """In private, now and then one that destroys itself."""
        kind, mime = self._chance.choice(KINDS)
        file = self._world.store_file(self._chance.randbytes(64), kind, mime=mime, name=f"{kind}-{len(self._said)}")
        sender, to = self._pair()
        vanishes = kind in {"photo", "video"} and isinstance(to, Person) and self._chance.random() < 0.3
        self._say(sender, to, file=file, ttl=self._chance.choice((30, VIEW_ONCE)) if vanishes else None)
        self.tally["that destroy themselves"] += vanishes

    def _forward(self) -> None:
        sender, to = self._pair()
        with suppress(Refused):  # what may not be forwarded
            self._said.append(
                self._world.forward(self._chance.choice(self._said[-LATELY:]).uid, by=sender.id, to=to.id)
            )
            self.tally["messages"] += 1
            self.tally["forwarded"] += 1

    def _protect(self) -> None:
        """From now on nothing of a chat may be forwarded, or it may again."""
        sender, to = self._two()
        self._world.protect(sender.id, to.id, on=self._chance.random() < 0.5)

    def _send_album(self) -> None:
        sides, album = self._pair(), self._world.new_album()
        for number in range(self._chance.randint(2, 4)):
            photo = self._world.store_file(self._chance.randbytes(64), "photo", mime="image/jpeg", width=8, height=8)
            self._say(*sides, text=None if number == 0 else "", file=photo, album_id=album)

    def _edit(self) -> None:
        now = self._world.clock.now()
        fresh = [one for one in self._lately() if now - one.date < EDIT_WINDOW and not one.ttl and _in_place(one)]
        if fresh:
            message = self._chance.choice(fresh)
            text = f"{message.text.partition(' (')[0]} ({len(message.versions) + 1} of {message.uid})"
            self._world.edit(message.uid, text=text.strip(), by=message.sender_id)
            self.tally["edits"] += 1

    def _delete(self) -> None:
        """Mostly of what was said lately; now and then of what is long past."""
        standing = self._lately() if self._chance.random() < 0.8 else [one for one in self._said if not one.deleted]
        if standing:
            message = self._chance.choice(standing)
            chat = message.chat
            same = [one for one in standing if one.chat is chat][: self._chance.randint(1, 3)]
            by = self._chance.choice(chat.members) if not isinstance(chat, Group) else chat.owner_id
            gone = self._world.delete([one.uid for one in same], by=by)
            self.tally["deletions"] += len(gone)

    def _react(self) -> None:
        """Somebody puts a sign under a message, another in its place, or takes it back."""
        standing = self._lately() if self._chance.random() < 0.8 else [one for one in self._said if not one.deleted]
        standing = [one for one in standing if _in_place(one)]
        if standing:
            message = self._chance.choice(standing)
            signs = [self._chance.choice(SIGNS)] if self._chance.random() < 0.75 else []
            with suppress(Refused):  # it is there already, or there is none to take back
                self._world.react(message.uid, *signs, by=self._chance.choice(message.audience))
                self.tally["reactions"] += 1

    def _arrive(self) -> None:
        """Somebody whom nobody knows writes for the first time."""
        newcomer = self._world.add_person(f"Client {len(self._clients)}")
        self._clients.append(newcomer)
        self._say(newcomer, self._chance.choice(self._accounts))

    def _read(self) -> None:
        reader, peer = self._pair()
        self._world.read(reader.id, peer.id)
        self.tally["reads"] += 1

    def _lately(self) -> list[Message]:
        return [one for one in self._said[-LATELY:] if not one.deleted]


def _in_place(message: Message) -> bool:
    """Whether whoever wrote it is still there, and the chat too."""
    chat = message.chat
    return message.sender_id in chat.members and not getattr(chat, "migrated_to", None)
