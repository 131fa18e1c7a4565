"""The desk while clients write without a pause: how long a press takes then, against the same press in a quiet hour.

Messages come through the Business connection, so many a second, to a Wysper in a process of its own. At the end the
vault must hold each of them; how long it takes until the last one can be found is told as well.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from time import perf_counter

from sqlmodel import func, select

from benchmarks.measuring import Pair, show
from benchmarks.processes import PATIENCE, WatchedApi, server, wysper
from benchmarks.shop import CLIENTS, TOKEN, configured, fill, found, name
from benchmarks.texts import correspondence
from bot import opening
from bot.clock import SystemClock
from sandbox.world import World
from storage.messages import Message

OWNER = 5_300_000_000
BEAT = 0.05  # seconds between two handfuls of messages
BEFORE = 2000  # messages in the vault
PAUSE = 1.1  # seconds between two presses: one chat is drawn in once a second
LAST = "farewell"  # a word that only the last message has


@dataclass(slots=True)
class Day:
    """What was seen."""

    presses: Pair = field(default_factory=Pair)
    sent: int = 0
    kept: int = 0
    seconds: float = 0.0  # in which they were sent
    found_after: float = 0.0  # seconds from the last message to its hit in the search


class Owner:
    """Who presses the same button again and again."""

    def __init__(self, world: World, api: WatchedApi) -> None:
        bot = world.by_token(TOKEN)
        assert bot is not None
        self._world, self._watch, self.bot_id = world, api.watches[TOKEN], bot.id

    async def writes(self, text: str) -> str:
        """What the bot answers."""
        self._world.send(OWNER, self.bot_id, text)
        await self._watch.until("sendMessage")
        await asyncio.sleep(BEAT)
        return self._world.history(OWNER, self.bot_id, limit=1)[0].text

    async def asks(self, text: str, words: str) -> None:
        """Write this until the answer has these words."""
        async with asyncio.timeout(PATIENCE):
            while words not in await self.writes(text):  # noqa: ASYNC110  it is another process that we wait for
                await asyncio.sleep(BEAT)

    async def presses(self, label: str) -> float:
        """Seconds until the screen is drawn again."""
        screen = self._world.history(OWNER, self.bot_id, limit=1)[0]
        rows = (screen.markup or {})["inline_keyboard"]
        data = next(button["callback_data"] for row in rows for button in row if label in button["text"])
        began = perf_counter()
        self._world.press(OWNER, screen.uid, data)
        await self._watch.until("editMessageText")
        seconds = perf_counter() - began
        await self._watch.until("answerCallbackQuery")
        return seconds


async def spend(world: World, owner: Owner, clients: int, rate: int, length: int, *, presses: int) -> Day:
    """A quiet hour, a busy one, and the search for the last word."""
    day = Day()
    await owner.writes("/home")
    for label, _turn in zip(cycle(("Contacts", "Home")), range(presses), strict=False):
        await asyncio.sleep(PAUSE)
        day.presses.theirs.append(await owner.presses(label))
    async with asyncio.TaskGroup() as group:
        writing = group.create_task(_write(world, day, clients, rate, length))
        for label in cycle(("Contacts", "Home")):
            if writing.done():
                break
            await asyncio.sleep(PAUSE)
            day.presses.ours.append(await owner.presses(label))
    ended = perf_counter()
    await owner.asks(LAST, f"\n{LAST}")  # on a line of its own, as a hit is shown
    day.found_after = perf_counter() - ended
    return day


async def _write(world: World, day: Day, clients: int, rate: int, length: int) -> None:
    """Many people, one message each in turn; what falls behind the clock is caught up with."""
    who = cycle(range(clients))
    began = perf_counter()
    while day.sent < rate * length:
        due = min(int((perf_counter() - began) * rate), rate * length)
        for number in range(day.sent, due):
            world.send(CLIENTS + next(who), OWNER, f"Is number {number} in stock?")
        day.sent = due
        await asyncio.sleep(BEAT)
    world.send(CLIENTS, OWNER, LAST)
    day.sent += 1
    day.seconds = perf_counter() - began


async def measure(folder: Path, clients: int, rate: int, length: int, *, presses: int) -> Day:
    """Open the shop, start Wysper, spend the day, and count what the vault holds."""
    world = World()
    world.add_person(name(OWNER), id=OWNER, language="en", is_premium=True)
    for number in range(clients):
        world.add_person(f"Client {number}", id=CLIENTS + number)
    async with server(world) as api:
        config = configured(folder, api=api.base_url)
        await opening.make(config.storage)
        async with opening.opened(config, SystemClock()) as installation:
            await found(installation, [OWNER])
            async with installation.vaults.open(1) as vault:
                await fill(vault, [*correspondence(BEFORE)])
        async with wysper(api, config, folder):
            owner = Owner(world, api)
            world.connect_business(OWNER, owner.bot_id)
            await owner.asks("/home", "🟢")
            day = await spend(world, owner, clients, rate, length, presses=presses)
    async with (
        opening.opened(config, SystemClock()) as installation,
        installation.vaults.open(1) as vault,
        vault.reading() as session,
    ):
        day.kept = (await session.exec(select(func.count()).select_from(Message))).one() - BEFORE
    return day


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--presses", type=int, default=30, help="in the quiet hour, an even number (default: %(default)s)"
    )
    parser.add_argument("--rate", type=int, default=200, help="messages a second (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=60, help="for how long (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=200, help="who write them (default: %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wysper-live-") as folder:
        day = asyncio.run(
            measure(Path(folder), options.clients, options.rate, options.seconds, presses=options.presses)
        )
    heads = ["median ms", "p95 ms", "quiet", "quiet p95", "ratio"]
    show(f"{day.sent / day.seconds:.0f} messages a second", heads,
         [("a press", [*day.presses.milliseconds(), f"{day.presses.ratio:.1f}"])])  # fmt: skip
    print(f"\n{day.kept:,} of {day.sent:,} messages are in the vault; the last was found {day.found_after:.1f} s later")
    print(f"ratio to a quiet hour: {day.presses.ratio:.1f}")


if __name__ == "__main__":
    main()
