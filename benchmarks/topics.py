"""A burst of messages into the topics of a team's group, against the soonest that Telegram's limit allows.

Everything runs for real against a strict sandbox, in a world whose time stands still until it is moved: so the figures
are Telegram's seconds, the same on every machine. Each message must stand in its topic once, in its order.

The bound: Telegram takes twenty calls in any sixty seconds. Each topic needs at least one call after its last message
came; with nothing lost in between, the last of them is told when the window has let so many calls through.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.measuring import p95, show
from benchmarks.shop import CLIENTS, TOKEN, configured, found, name
from bot import opening
from bot.app import App
from bot.clock import SystemClock
from crm import team_groups
from crm.access import enter
from sandbox.bot_api import BotApi
from sandbox.bot_api.limits import ONE_GROUP
from sandbox.world import Clock, Group, MessageSent, World
from sandbox.world.events import Event

OWNER = 5_300_000_000
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PATIENCE = 1200  # seconds of the world
NUMBERED = re.compile(r"№(\d+)")


@dataclass
class Burst:
    """What was written when, and when and where it stood in the group."""

    written: dict[int, tuple[datetime, int]] = field(default_factory=dict)  # number → when, by whom
    told: list[tuple[int, datetime, int | None]] = field(default_factory=list)  # number, when, topic
    refused: int = 0

    @property
    def delays(self) -> list[float]:
        """Seconds of each message."""
        return [(when - self.written[number][0]).total_seconds() for number, when, _topic in self.told]

    @property
    def missing(self) -> int:
        """How many were never told."""
        return len(self.written.keys() - {number for number, _when, _topic in self.told})

    @property
    def twice(self) -> int:
        """How many were told more than once."""
        return len(self.told) - len({number for number, _when, _topic in self.told})

    @property
    def out_of_order(self) -> int:
        """How many came after a later one of the same topic."""
        newest: dict[int | None, int] = {}
        wrong = 0
        for number, _when, topic in self.told:
            wrong += number < newest.get(topic, -1)
            newest[topic] = max(number, newest.get(topic, -1))
        return wrong


class Day:
    """One Wysper in a world of its own, whose team works in a forum."""

    def __init__(self, world: World, app: App, group: Group, api: BotApi, bot_id: int) -> None:
        self.world, self.app, self.group, self._api, self._bot_id = world, app, group, api, bot_id

    async def settled(self) -> None:
        """Until nothing more happens in this moment."""
        while self._untaken() or not all(part.is_set() for part in self.app.rest):
            if self._untaken():
                await self.app.inbox.moved.wait()
            for part in self.app.rest:
                await part.wait()

    def _untaken(self) -> bool:
        return any(update.id > self.app.inbox.newest for update in self._api.served(self._bot_id).queue)

    async def passes(self, by: timedelta) -> None:
        """Time goes on, and what waited for it is done."""
        self.world.clock.advance(by)
        self.app.topics.wake_late()
        await self.settled()


async def spend(day: Day, clients: int, messages: int, length: int) -> Burst:
    """Everybody has a topic; then the burst; then as long as it takes."""
    for number in range(clients):
        day.world.send(CLIENTS + number, OWNER, "Good morning")
        await day.passes(timedelta(seconds=20))  # no swarm
    await day.passes(timedelta(hours=1))
    await day.passes(timedelta(hours=1))
    burst = Burst()

    def hear(event: Event) -> None:
        if isinstance(event, MessageSent) and event.message.chat is day.group:
            told = NUMBERED.findall(event.message.text)
            burst.told += [(int(number), day.world.clock.now(), event.message.topic) for number in told]

    day.world.subscribe(hear)
    for number, client in enumerate(_turns(clients, messages)):
        burst.written[number] = (day.world.clock.now(), client)
        day.world.send(CLIENTS + client, OWNER, f"Message №{number}")
        if (number + 1) * length // messages > number * length // messages:
            await day.passes(SECOND)
    for _second in range(PATIENCE):
        if not burst.missing:
            break
        await day.passes(SECOND)
    return burst


def _turns(clients: int, messages: int) -> Iterator[int]:
    """Who writes next: everybody as often, in an order that repeats only after long."""
    return ((number * 7 + number // clients) % clients for number in range(messages))


def soonest(burst: Burst, topics: int) -> float:
    """Seconds from the last message until the last can stand there, where each topic needs one more call."""
    ended = max(when for when, _who in burst.written.values())
    began = min(when for when, _who in burst.written.values())
    left = ONE_GROUP * math.floor((ended - began).total_seconds() / 60)  # whole minutes that were spent before
    rounds = math.ceil(topics / ONE_GROUP) if left or topics > ONE_GROUP else 1
    return 60.0 * (rounds - 1)


async def measure(folder: Path, clients: int, messages: int, length: int) -> Burst:
    """Open the shop, let the team join its group, and spend the day."""
    world = World(Clock(still_at=NOON))
    world.add_person(name(OWNER), id=OWNER, language="en", is_premium=True)
    bot = world.add_bot("Wysper", "wysper_bot", token=TOKEN)
    for number in range(clients):
        world.add_person(f"Client {number}", id=CLIENTS + number)
    group = world.make_group(OWNER, "Team", is_super=True)
    world.set_forum(group.id, on=True, by=OWNER)
    world.add_member(group.id, bot.id, by=OWNER)
    world.promote(group.id, bot.id, by=OWNER)
    api = BotApi(world)
    await api.start()
    try:
        config = configured(folder, api=api.base_url)
        await opening.make(config.storage)
        async with opening.opened(config, SystemClock()) as installation:
            await found(installation, [OWNER])
        app = App(config, clock=world.clock)
        async with asyncio.TaskGroup() as tasks:
            run = tasks.create_task(app.run())
            await app.ready.wait()
            world.connect_business(OWNER, bot.id)
            async with enter(app.installation, OWNER, 1) as desk:
                facts = {"is_forum": True, "is_admin": True, "manages_topics": True, "pins": True}
                standing = team_groups.Standing(group.id, group.title, 2, **facts)
                await team_groups.bind(desk, standing, "en")
            day = Day(world, app, group, api, bot.id)
            await day.settled()
            burst = await spend(day, clients, messages, length)
            app.stop()
            await run
    finally:
        await api.stop()
    return burst


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=40, help="with a topic each (default: %(default)s)")
    parser.add_argument("--messages", type=int, default=600, help="of all of them (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=60, help="in which they come (default: %(default)s)")
    sizes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        burst = asyncio.run(measure(Path(folder), sizes.clients, sizes.messages, sizes.seconds))
    ended = max(when for when, _who in burst.written.values())
    last = max((when - ended).total_seconds() for _number, when, _topic in burst.told)
    bound = soonest(burst, sizes.clients)
    rows = [
        ("messages", [str(len(burst.written))]),
        ("missing", [str(burst.missing)]),
        ("twice", [str(burst.twice)]),
        ("out of order", [str(burst.out_of_order)]),
        ("delay, median (s)", [f"{median(burst.delays):.0f}"]),
        ("delay, p95 (s)", [f"{p95(burst.delays):.0f}"]),
        ("delay, longest (s)", [f"{max(burst.delays):.0f}"]),
        ("last told after the burst (s)", [f"{last:.0f}"]),
        ("soonest that the limit allows (s)", [f"{bound:.0f}"]),
    ]
    show(f"{sizes.messages} messages in {sizes.seconds} s, {sizes.clients} topics", ["figure"], rows)
    print(f"ratio to the soonest that Telegram's limit allows: {last / max(bound, 1):.2f}")


if __name__ == "__main__":
    main()
