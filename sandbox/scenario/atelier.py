"""Fills a world with Olga's atelier: the cast, about 25 clients, a group, 600 messages up to this morning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.scenario.past import BEFORE
from sandbox.scenario.script import Line, Script, read
from sandbox.world import File, FileKind, Group, Message, Person, World

_HERE = Path(__file__).parent
_KINDS: dict[str, tuple[FileKind, str]] = {
    ".jpg": ("photo", "image/jpeg"),
    ".ogg": ("voice", "audio/ogg"),
    ".pdf": ("document", "application/pdf"),
    ".csv": ("document", "text/csv"),
}
_OPUS_RATE = 48_000  # granules a second in an Ogg Opus file, whatever rate was recorded


@dataclass(frozen=True, slots=True)
class Cast:
    """Those whom tests and the demo call by name; Mallory has no part in the business."""

    olga: Person
    boris: Person
    vera: Person
    anna: Person
    chen: Person
    mallory: Person
    bot: Person

    @property
    def roles(self) -> Mapping[int, str]:
        """What each is, by id: the words under the names on the page."""
        return {
            self.olga.id: "owner",
            self.boris.id: "agent",
            self.vera.id: "agent",
            self.anna.id: "client",
            self.chen.id: "client",
            self.mallory.id: "stranger",
        }


def fill(world: World, *, bot_token: str | None = None, before: Callable[[Cast], None] | None = None) -> Cast:
    """Let the cast and every client move in, and everything be written that was written so far.

    `before` is called in between: whoever is to hear of all of it connects then.
    """
    shelf = _Shelf(world)
    now = world.clock.now()
    olga = world.add_person(
        "Olga", "Brandt", username="olga_nadelundfaden", phone="+49 1590 5550 101",
        is_premium=True, photo=shelf.take("face-olga.jpg"),
    )  # fmt: skip
    world.account(olga.id).last_id = BEFORE
    boris = world.add_person("Boris", "Feld", username="boris_feld", phone="+49 1590 5550 111",
                             photo=shelf.take("face-boris.jpg"))  # fmt: skip
    vera = world.add_person("Vera", "Lindt", username="vera_lindt", phone="+49 1590 5550 112",
                            photo=shelf.take("face-vera.jpg"))  # fmt: skip
    bot = world.add_bot("Wysper", "wysper_demo_bot", olga, token=bot_token)
    scripts = [read(path, now) for path in sorted((_HERE / "conversations").glob("*.chat"))]
    people = {script.key: _move_in(world, script, shelf) for script in scripts}
    mallory = world.add_person("Mallory", "Crane", username="mallory_c", phone="+44 7700 900199")
    cast = Cast(olga, boris, vera, people["anna"], people["chen"], mallory, bot)
    if before is not None:
        before(cast)
    stage = _Stage(world, shelf, olga, {**people, "boris": boris, "vera": vera})
    stage.play([*scripts, *(read(path, now) for path in sorted((_HERE / "groups").glob("*.chat")))])
    _read_up(world)
    return cast


def team(world: World, cast: Cast) -> Group:
    """A forum in which Olga talks with Boris and Vera; nobody has let the bot in yet."""
    group = world.make_group(cast.olga.id, "Nadel & Faden, the team", [cast.boris.id, cast.vera.id], is_super=True)
    world.set_forum(group.id, on=True, by=cast.olga.id)
    world.send(cast.boris.id, group.id, "Shall we answer the clients from here? I lose track on my phone")
    world.send(cast.olga.id, group.id, "Yes. I add Wysper, then each of them gets a topic")
    return group


class _Shelf:
    """The files of media/, each stored in the world once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.take = cache(self._store)

    def _store(self, name: str) -> File:
        data = (_HERE / "media" / name).read_bytes()
        kind, mime = _KINDS[Path(name).suffix]
        return self._world.store_file(
            data, kind, name=None if kind in {"photo", "voice"} else name, mime=mime,
            duration=_seconds(data) if kind == "voice" else None,
        )  # fmt: skip


def _seconds(opus: bytes) -> int:
    """How long an Ogg Opus recording is: the granule position of its last page, RFC 3533."""
    last = opus.rfind(b"OggS")
    return round(int.from_bytes(opus[last + 6 : last + 14], "little") / _OPUS_RATE)


def _move_in(world: World, script: Script, shelf: _Shelf) -> Person:
    about = dict(script.client)
    photo = about.pop("photo", None)
    return world.add_person(about.pop("first_name"), photo=shelf.take(photo) if photo else None, **about)


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where it is all written: `people` by the names of their files, `chats` by the names of theirs."""

    world: World
    shelf: _Shelf
    owner: Person
    people: Mapping[str, Person]
    chats: dict[str, int] = field(default_factory=dict)

    def play(self, scripts: Iterable[Script]) -> None:
        """Send everything in the order of its time, whoever wrote it: numbers in an account grow with time."""
        sent: dict[tuple[str, int], Message] = {}
        lines = [(line.at, script, place, line) for script in scripts for place, line in enumerate(script.lines)]
        for _, script, place, line in sorted(lines, key=lambda entry: entry[0]):
            sender, peer = self._sides(script, line)
            original = sent[script.key, line.reply_to].uid if line.reply_to is not None else None
            sent[script.key, place] = _send(self.world, sender, peer, line, self.shelf, reply_to=original)

    def _sides(self, script: Script, line: Line) -> tuple[int, int]:
        """Who writes a line, and where: to the other side, or into the group, which opens with its first line."""
        if script.key in self.people:
            client = self.people[script.key].id
            return (client, self.owner.id) if line.from_client else (self.owner.id, client)
        if script.key not in self.chats:
            about = script.client
            members = [self.people[key].id for key in about["members"]]
            group = self.world.make_group(self.owner.id, about["title"], members, date=line.at)
            self.chats[script.key] = group.id
        return (self.people[line.writer] if line.writer else self.owner).id, self.chats[script.key]


def _send(world: World, sender: int, peer: int, line: Line, shelf: _Shelf, *, reply_to: int | None) -> Message:
    parts = _parts(line, shelf)
    album = world.new_album() if len(parts) > 1 else None
    messages = [
        world.send(sender, peer, text, file=file, service=service, album_id=album, reply_to=reply_to, date=line.at)
        for text, file, service in parts
    ]
    for text, at in line.edits:
        _rewrite(messages[0], text, at)
    if line.deleted:
        world.delete([message.uid for message in messages], by=sender)
    return messages[0]


def _rewrite(message: Message, text: str, at: Any) -> None:
    """Edit in the past: `World.edit` dates an edit to now, and refuses what is older than two days."""
    message.versions.append((message.text, message.edited_at or message.date))
    message.text, message.edited_at = text, at.replace(microsecond=0)


def _parts(line: Line, shelf: _Shelf) -> list[tuple[str, File | None, dict[str, Any] | None]]:
    """What a line becomes: text, file and service of one message, or of each photo of an album."""
    what = line.what
    match line.attached:
        case None:
            return [(line.text, None, None)]
        case "text":
            return [((_HERE / "media" / what[0]).read_text(encoding="utf-8"), None, None)]
        case "contact" | "location" | "call":
            return [(line.text, None, _service(line.attached, what))]
        case _:
            return [(line.text if at == 0 else "", shelf.take(name), None) for at, name in enumerate(what)]


def _service(kind: str, what: tuple[str, ...]) -> dict[str, Any]:
    if kind == "location":
        return {"type": "location", "latitude": float(what[0]), "longitude": float(what[1])}
    if kind == "call":
        seconds = int(what[0])
        return {"type": "phone_call", "duration": seconds} if seconds else {"type": "phone_call", "missed": True}
    number = next(place for place, word in enumerate(what) if word.startswith("+"))
    return {"type": "contact", "first_name": " ".join(what[:number]), "phone_number": " ".join(what[number:])}


def _read_up(world: World) -> None:
    """Leave unread only what came after somebody's last word, and within a day."""
    now = world.clock.now()
    for account in [person.id for person in world.people.values()]:
        for box in world.dialogs(account):
            history = world.history(account, box.peer_id, limit=100)
            old = next((one for one in history if one.sender_id == account or (now - one.date).days >= 1), None)
            if old is not None:
                world.read(account, box.peer_id, old.ids[account])
