"""Fills a world with many real conversations from a file, one client each, over the last year."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sandbox.scenario.atelier import Cast
from sandbox.scenario.atelier import fill as fill_atelier
from sandbox.world import World

# fmt: off
_FIRST = (
    "Ada", "Amir", "Bea", "Bruno", "Carla", "Cem", "Dana", "Dario", "Edda", "Emil", "Farah", "Felix", "Gina", "Goran",
    "Hanna", "Hugo", "Ida", "Ivo", "Jana", "Jun", "Kaja", "Karim", "Lena", "Luca", "Maja", "Milan", "Nadia", "Nils",
    "Olive", "Otis", "Paula", "Pavel", "Quinn", "Rana", "Remo", "Sana", "Sven", "Tara", "Timo", "Uma", "Wanda", "Zeno",
)
_LAST = (
    "Abbot", "Alvarez", "Bauer", "Berg", "Castro", "Cohen", "Dahl", "Dubois", "Ekman", "Evans", "Farkas", "Fuchs",
    "Garcia", "Gruber", "Haas", "Hansen", "Ivanov", "Jensen", "Kaya", "Keller", "Kovac", "Lang", "Lopez", "Maier",
    "Moreau", "Nagy", "Novak", "Okafor", "Olsen", "Petrov", "Rossi", "Sato", "Silva", "Tanaka", "Toth", "Weiss", "Xu",
)
# fmt: on
_SPAN = timedelta(days=365)


def conversations(path: Path) -> Callable[[World], Cast]:
    """Give a `fill` like the atelier's that adds every conversation of a `dialogues.jsonl` or `.jsonl.gz`.

    A line is `{"id": …, "turns": [["client" | "business", text], …]}`. The same file gives the same people and times.
    """

    def fill(world: World, *, bot_token: str | None = None) -> Cast:
        cast = fill_atelier(world, bot_token=bot_token)
        _add(world, cast.olga.id, _read(path))
        return cast

    return fill


def _read(path: Path) -> list[dict[str, Any]]:
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _add(world: World, owner: int, dialogues: list[dict[str, Any]]) -> None:
    chance = random.Random(len(dialogues))  # noqa: S311  repeatable on purpose
    now = world.clock.now()
    written = []
    for place, dialogue in enumerate(dialogues):
        client = world.add_person(chance.choice(_FIRST), chance.choice(_LAST), username=f"client_{place:04}").id
        at = now - timedelta(hours=2) - _SPAN * chance.random()
        for who, text in dialogue["turns"]:
            written.append((at, client if who == "client" else owner, owner if who == "client" else client, text))
            at += timedelta(seconds=chance.randint(20, 180))
    written.sort(key=lambda entry: entry[0])
    for at, sender, peer, text in written:
        world.send(sender, peer, text, date=min(at, now))
    for box in list(world.account(owner).boxes.values()):
        world.read(owner, box.peer_id)
