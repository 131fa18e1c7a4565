"""What people do in the world, by chance: they write, answer, send albums, change their words and take them back."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sandbox.world import (
    EDIT_WINDOW,
    Entity,
    Event,
    FileKind,
    Message,
    MessageEdited,
    MessagesDeleted,
    MessageSent,
    Person,
    World,
)

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
        self, world: World, chance: random.Random, accounts: Sequence[Person], clients: Sequence[Person]
    ) -> None:
        self._world = world
        self._chance = chance
        self._accounts, self._clients = accounts, [*clients]
        self._said: list[Message] = []
        self._deleted_at: dict[int, datetime] = {}
        self._written_at: dict[int, datetime] = {}
        self.tally: Counter[str] = Counter()
        world.subscribe(self._hear)

    def burst(self, acts: int) -> None:
        """Let so many things happen, each a while after the other."""
        ways = (self._write, self._send_file, self._send_album, self._edit, self._delete, self._read, self._arrive)
        for _ in range(acts):
            self._world.clock.advance(timedelta(seconds=self._chance.randint(1, 40)))
            self._chance.choices(ways, weights=(50, 8, 4, 22, 11, 4, 1))[0]()

    def last_words(self) -> None:
        """Everybody hears one thing more: with it a device sees whether it has missed something before."""
        for account in self._accounts:
            self._say(self._chance.choice(self._clients), account)

    def written_at(self, message: Message) -> datetime:
        """When a text became what it is."""
        return self._written_at[message.uid]

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

    def _pair(self) -> tuple[Person, Person]:
        """Who writes to whom: mostly a client and an account, sometimes one account to another."""
        account = self._chance.choice(self._accounts)
        others = [one for one in (*self._clients, *self._clients, *self._accounts) if one is not account]
        sides = [account, self._chance.choice(others)]
        self._chance.shuffle(sides)
        return sides[0], sides[1]

    def _say(self, sender: Person, to: Person, text: str | None = None, **more: object) -> Message:
        said = self._world.send(sender.id, to.id, self._words() if text is None else text, **more)  # type: ignore[arg-type]  # what `send` takes
        self._said.append(said)
        self.tally["messages"] += 1
        return said

    def _words(self) -> str:
        return self._chance.choice(("Question", "Bestellung", "Вопрос", "🌷 Rosen")) + f" {len(self._said)}"

    def _write(self) -> None:
        sender, to = self._pair()
        box = self._world.account(sender.id).boxes.get(to.id)
        answered = box.top if box and self._chance.random() < 0.3 else None
        bold = [Entity("bold", 0, 4)] if self._chance.random() < 0.2 else []
        self._say(sender, to, entities=bold, reply_to=answered.uid if answered else None)

    def _send_file(self) -> None:
        kind, mime = self._chance.choice(KINDS)
        file = self._world.store_file(self._chance.randbytes(64), kind, mime=mime, name=f"{kind}-{len(self._said)}")
        self._say(*self._pair(), file=file)

    def _send_album(self) -> None:
        sides, album = self._pair(), self._world.new_album()
        for number in range(self._chance.randint(2, 4)):
            photo = self._world.store_file(self._chance.randbytes(64), "photo", mime="image/jpeg", width=8, height=8)
            self._say(*sides, text=None if number == 0 else "", file=photo, album_id=album)

    def _edit(self) -> None:
        now = self._world.clock.now()
        fresh = [one for one in self._lately() if now - one.date < EDIT_WINDOW]
        if fresh:
            message = self._chance.choice(fresh)
            text = f"{message.text.partition(' (')[0]} ({len(message.versions) + 1})"
            self._world.edit(message.uid, text=text.strip(), by=message.sender_id)
            self.tally["edits"] += 1

    def _delete(self) -> None:
        """Mostly of what was said lately; now and then of what is long past."""
        standing = self._lately() if self._chance.random() < 0.8 else [one for one in self._said if not one.deleted]
        if standing:
            message = self._chance.choice(standing)
            same = [one for one in standing if one.chat is message.chat][: self._chance.randint(1, 3)]
            gone = self._world.delete([one.uid for one in same], by=self._chance.choice(message.chat.members))
            self.tally["deletions"] += len(gone)

    def _arrive(self) -> None:
        """Somebody whom nobody knows writes for the first time."""
        newcomer = self._world.add_person(f"Client {len(self._clients)}")
        self._clients.append(newcomer)
        self._say(newcomer, self._chance.choice(self._accounts))

    def _read(self) -> None:
        reader, peer = self._pair()
        self._world.read(reader.id, peer.id)

    def _lately(self) -> list[Message]:
        return [one for one in self._said[-LATELY:] if not one.deleted]
