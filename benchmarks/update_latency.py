"""How long Wysper takes from an update to its answering call, against a bare aiogram bot on the same server.

Both are processes of their own; the server looks at its clock when it hands the update out and when the call arrives.
Wysper has put the update on the disk by then, knows who pressed and that he may, and has read the encrypted vault.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from benchmarks.measuring import Pair, show
from benchmarks.processes import BARE_TOKEN, Watch, bare, server, wysper
from benchmarks.shop import TOKEN, configured, fill, found, hire, name
from benchmarks.texts import correspondence
from bot import opening
from bot.clock import SystemClock
from sandbox.world import Message, World

FIRST = 5_300_000_000  # id of the first person
MESSAGES = 2000  # in the vault
PAUSE = 0.04  # seconds between two acts: both bots have come to rest, and all acts stay under 30 calls a second


@dataclass(slots=True)
class Side:
    """One of the two bots, with the screen that each person has of it."""

    world: World
    token: str
    watch: Watch
    screens: dict[int, Message] = field(default_factory=dict)

    @property
    def bot_id(self) -> int:
        """The bot's account."""
        bot = self.world.by_token(self.token)
        assert bot is not None
        return bot.id

    async def write(self, person_id: int, command: str) -> float:
        """Seconds until it is answered with a message."""
        self.world.send(person_id, self.bot_id, command)
        return await self.watch.until("sendMessage")

    async def arrive(self, person_id: int) -> None:
        """Get the first screen."""
        await self.write(person_id, "/home")
        await asyncio.sleep(PAUSE)
        self.screens[person_id] = self.world.history(person_id, self.bot_id, limit=1)[0]

    async def press(self, person_id: int, label: str) -> float:
        """Seconds until the screen is drawn again; the press is answered behind that."""
        screen = self.screens[person_id]
        rows = (screen.markup or {})["inline_keyboard"]
        data = next(button["callback_data"] for row in rows for button in row if label in button["text"])
        self.world.press(person_id, screen.uid, data)
        seconds = await self.watch.until("editMessageText")
        await self.watch.until("answerCallbackQuery")
        return seconds


async def compare(ours: Side, theirs: Side, people: Sequence[int], updates: int) -> dict[str, Pair]:
    """Each act by one person after the other, at both bots in turns."""
    pairs = {"/help": Pair(), "a press: contacts": Pair(), "a press: home": Pair()}
    for person_id in people:
        await ours.arrive(person_id)
        await theirs.arrive(person_id)
    for person_id in islice(cycle(people), updates):
        for act, pair in pairs.items():
            for side, times in ((ours, pair.ours), (theirs, pair.theirs)):
                times.append(await _do(side, act, person_id))
                await asyncio.sleep(PAUSE)
    return pairs


async def _do(side: Side, act: str, person_id: int) -> float:
    if act == "/help":
        return await side.write(person_id, act)
    return await side.press(person_id, "Contacts" if act.endswith("contacts") else "Home")


async def measure(folder: Path, people: Sequence[int], updates: int) -> dict[str, Pair]:
    """Open the shop, start both, and give the times of each act in seconds."""
    world = World()
    for person_id in people:
        world.add_person(name(person_id), id=person_id, language="en")
    async with server(world) as api:
        config = configured(folder, api=api.base_url)
        await opening.make(config.storage)
        async with opening.opened(config, SystemClock()) as installation:
            await found(installation, people[:1])
            await hire(installation, people[0], people[1:])
            async with installation.vaults.open(1) as vault:
                await fill(vault, [*correspondence(MESSAGES)])
        async with wysper(api, config, folder), bare(api):
            ours, theirs = (Side(world, token, api.watches[token]) for token in (TOKEN, BARE_TOKEN))
            return await compare(ours, theirs, people, updates)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=200, help="how many of each kind (default: %(default)s)")
    parser.add_argument(
        "--people", type=int, default=40, help="who do this in turns, so that no chat is over its limit (%(default)s)"
    )
    options = parser.parse_args()
    people = [FIRST + number for number in range(options.people)]
    with tempfile.TemporaryDirectory(prefix="wysper-latency-") as folder:
        pairs = asyncio.run(measure(Path(folder), people, options.updates))
    heads = ["median ms", "p95 ms", "bare", "bare p95", "more", "ratio"]
    rows = [(act, [*one.milliseconds(), f"{one.more * 1000:.2f}", f"{one.ratio:.2f}"]) for act, one in pairs.items()]
    show(f"{options.updates} of each", heads, rows)
    most = max(pairs.values(), key=lambda one: one.more)
    print(f"\nratio to bare aiogram: {most.ratio:.2f} at the most; {most.more * 1000:.2f} ms more")


if __name__ == "__main__":
    main()
