"""Fills a world with Olga's atelier: the cast, about 25 clients, 600 messages up to this morning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.scenario.past import BEFORE
from sandbox.scenario.script import Line, Script, read
from sandbox.world import File, FileKind, Message, Person, World

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


def fill(world: World, *, bot_token: str | None = None) -> Cast:
    """Let the cast and every client move in, and everything be written that was written so far."""
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
    clients = {script.key: _move_in(world, script, shelf) for script in scripts}
    mallory = world.add_person("Mallory", "Crane", username="mallory_c", phone="+44 7700 900199")
    _play(world, olga, [(clients[script.key], script) for script in scripts], shelf)
    for client in clients.values():
        _read_up(world, olga.id, client.id)
    return Cast(olga, boris, vera, clients["anna"], clients["chen"], mallory, bot)


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


def _play(world: World, owner: Person, plays: Iterable[tuple[Person, Script]], shelf: _Shelf) -> None:
    """Send everything in the order of its time, whoever wrote it: numbers in an account grow with time."""
    sent: dict[tuple[str, int], Message] = {}
    lines = [
        (line.at, client, script.key, place, line)
        for client, script in plays
        for place, line in enumerate(script.lines)
    ]
    lines.sort(key=lambda entry: entry[0])
    for _, client, key, place, line in lines:
        sender, peer = (client, owner) if line.from_client else (owner, client)
        original = sent.get((key, line.reply_to)) if line.reply_to is not None else None
        sent[key, place] = _send(world, sender.id, peer.id, line, shelf, reply_to=original.uid if original else None)


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


def _read_up(world: World, owner: int, client: int) -> None:
    """Leave unread on the owner's side only what came after her last word, and within a day."""
    now = world.clock.now()
    for account, peer in ((owner, client), (client, owner)):
        history = world.history(account, peer, limit=100)
        old = next(
            (message for message in history if message.sender_id == account or (now - message.date).days >= 1), None
        )
        if old is not None:
            world.read(account, peer, old.ids[account])
