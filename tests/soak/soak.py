"""A soak: one bad day after the other, with a comparison of world and vault at the end of each."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic

from bot.app import App
from bot.clock import SystemClock
from crm import accounts
from crm.access import enter
from crm.ports import LoginCode, LoginEnded, LoginStep
from sandbox.mtproto import MTProto
from sandbox.world import MessagesDeleted
from tests.devices import Linkable, linkable
from tests.lives import Lives, lives
from tests.people import OLGA, Desk, configured, furnish
from tests.soak.circles import WORKSPACE, Circles, pick, unpick
from tests.soak.ledger import Contents, Judge, Untold, Verdict, contents
from tests.soak.traffic import Traffic
from tests.soak.weather import Weather

PATIENCE = 90.0  # seconds until a vault that is not the world is called wrong
HOUR = timedelta(hours=1)
COMPARISONS = 400  # until what Telegram never told has to be found
LOOK = 0.15  # seconds between two looks
NIGHT = timedelta(hours=26)  # longer than Telegram keeps a bot's updates


class Unlike(AssertionError):  # noqa: N818  a kind of failure, named as it is
    """World and vault differ, and the ledger does not say so."""


@dataclass(slots=True)
class Summary:
    """What was gone through."""

    seed: int
    cycles: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        counts = "\n".join(f"{name:<32}{count:>8,}" for name, count in self.counts.items())
        return f"seed {self.seed}, {self.cycles} cycles\n{counts}"


@dataclass(slots=True)
class Soak:
    """The world around lives of Wysper, and how they are gone through."""

    desk: Desk
    lives: Lives
    chance: random.Random
    traffic: Traffic
    weather: Weather
    circles: Circles
    server: MTProto
    summary: Summary
    untold: dict[Untold, str] = field(default_factory=dict)  # what the last comparison of world and vault showed
    swallowed: int = 0  # how many of the server's silences were looked at
    wrong: timedelta = timedelta()  # by which the machine's clock is ahead of the world's

    async def day(self) -> None:
        """One cycle: a life is killed in bad weather, the next one wakes up in it, and comes to rest when it clears.

        Now and then the night in between is so long that Telegram no longer has what the bot was to be told; before
        one, the machine's clock is right: the ledger knows no other.
        """
        await self._choose_groups()
        long_night = self.chance.random() < 0.07
        self._clocks_jump(rightly=long_night)
        await self._bad_moment(hour_strikes=long_night)
        await self.lives.end()
        self.summary.counts["kills"] += 1
        self.summary.counts["nights longer than a day"] += long_night
        self.traffic.burst(self.chance.randint(0, 15))
        self.desk.world.clock.advance(NIGHT if long_night else self.chance.random() * 2 * HOUR)
        self.weather.turns_bad()
        await self.lives.begin()
        await self._bad_moment()
        self.weather.clears()
        self.traffic.last_words()
        await self._settled()

    async def _choose_groups(self) -> None:
        """Olga picks groups, and now and then drops one, with or without what is stored of it."""
        for _ in range(self.chance.randint(0, 2)):
            if (place := self.circles.choice()) is None:
                return
            if place not in self.circles.picked:
                if await self.lives.does(partial(pick, *place)):
                    self.circles.picked.add(place)
                    self.circles.dropped.discard(place)
                    self.summary.counts["picked groups"] += 1
            elif self.chance.random() < 0.3:
                self.circles.picked.discard(place)
                self.circles.dropped.add(place)
                erase = self.chance.random() < 0.5
                await self.lives.does(partial(unpick, *place, erase=erase))
                self.summary.counts["erased groups" if erase else "unpicked groups"] += 1

    async def _bad_moment(self, *, hour_strikes: bool = False) -> None:
        if hour_strikes or self.chance.random() < 0.3:
            await self.lives.does(hour)
            self.summary.counts["comparisons"] += 1
        self.weather.turns_bad()
        self.traffic.burst(self.chance.randint(2, 12))
        await asyncio.sleep(self.chance.uniform(0, 0.5))  # any moment is as good as another to be killed in
        self.traffic.burst(self.chance.randint(0, 6))

    def _clocks_jump(self, *, rightly: bool) -> None:
        self.weather.clocks_jump()
        wrong = not rightly and self.chance.random() < 0.3
        self.wrong = 2 * HOUR * self.chance.uniform(-1, 1) if wrong else timedelta()
        self.summary.counts["jumps of the machine's clock"] += wrong
        self.set_clock()

    def set_clock(self) -> None:
        """Let the machine have the world's time, and as much more as it is wrong."""
        self.lives.set_clock(self.desk.world.clock.now() - SystemClock().now() + self.wrong)

    async def _settled(self) -> None:
        """Look again until the vault is the world, but for what the ledger states. Raises Unlike."""
        deadline = monotonic() + PATIENCE
        self._hear_silences()
        while True:
            verdict, here = await self._look()
            if not verdict.unstated and not verdict.open:
                self.untold = verdict.untold | dict.fromkeys(verdict.unfollowed, "")
                return
            if monotonic() > deadline:
                raise self._unlike(here, "not stated there:", *verdict.unstated)
            await asyncio.sleep(LOOK)

    async def compared(self) -> Verdict:
        """Let hour after hour strike until all that Telegram has never told is found. Raises Unlike.

        Of what stands in a basic group's chat after it has become a supergroup, nothing is compared.
        """
        closed = {group.id for group in self.desk.world.groups.values() if group.migrated_to}
        chats = {uid: getattr(said.chat, "id", 0) for uid, said in self.desk.world.messages.items()}
        hours = self.summary.counts
        while True:
            verdict, here = await self._look()
            lacking = [line for (_, uid), line in verdict.untold.items() if chats[uid] not in closed]
            if not lacking:
                return verdict
            if hours["comparisons until all was found"] == COMPARISONS:
                raise self._unlike(here, "not found by comparing:", *lacking)
            hours["comparisons until all was found"] += 1
            await self.lives.does(hour)
            await asyncio.sleep(LOOK)

    async def _look(self) -> tuple[Verdict, Contents]:
        here = await self.lives.does(contents)
        judge = Judge(self.desk.world, self.traffic, self.untold.keys(), self.circles)
        return judge.judge(here), here

    def _unlike(self, here: Contents, *lines: str) -> Unlike:
        place = f"seed {self.summary.seed}, cycle {self.summary.cycles + 1}, ledger:"
        return Unlike("\n".join((place, *map(repr, here.gaps), *lines)))

    def _hear_silences(self) -> None:
        """Take note of what the server has told to no device."""
        silences = list(self.server.live.swallowed.items())
        for (book, _), event in silences[self.swallowed :]:
            messages = event.messages if isinstance(event, MessagesDeleted) else (event.message,)
            # a supergroup tells it to nobody, whoever joins later included
            accounts = [one.id for one in self.circles.linked] if book < 0 else [book]
            self.untold |= {(account_id, one.uid): "" for account_id in accounts for one in messages}
        self.summary.counts["never told"] += len(silences) - self.swallowed
        self.swallowed = len(silences)


async def hour(app: App) -> None:
    """What the schedule does each hour for the mirror's sake."""
    for name in ("awake", "comparisons"):
        await app.schedule.run(name)


async def soak(cycles: int, seed: int, *, after_each: Callable[[int], None] = lambda _cycles: None) -> Summary:
    """Go through so many bad days; `after_each` is told how many are over.

    Raises Unlike at the first after which the vault is wrong.
    """
    with tempfile.TemporaryDirectory(prefix="wysper-soak-") as folder:
        async with _world(Path(folder), seed) as one:
            for _ in range(cycles):
                await one.day()
                one.summary.cycles += 1
                after_each(one.summary.cycles)
            verdict = await one.compared()
            here = await one.lives.does(contents)
    counts = one.summary.counts + one.traffic.tally + one.circles.tally + one.weather.tally
    counts += Counter(f"gaps stated: {gap.why}" for gap in here.gaps)
    counts["differences in closed chats"] = len(verdict.untold)
    counts["differences that the ledger states"] = len(verdict.stated)
    counts["differences that it does not"] = 0
    return Summary(seed, one.summary.cycles, counts)


@asynccontextmanager
async def _world(folder: Path, seed: int) -> AsyncIterator[Soak]:
    """Olga's account has both roads, Boris's a device alone, Vera's the Business connection alone; a life runs."""
    (folder / "furnished").mkdir()
    await furnish(configured(folder / "furnished"))
    async with linkable(folder / "furnished", folder / "soak") as linked:
        desk, chance = linked.desk, random.Random(seed)  # noqa: S311  the same days in each run
        people = desk.people
        await _connect(linked)
        await desk.stop()
        mirrored = [people[name].who for name in ("Olga", "Boris", "Vera")]
        clients = [people[name].who for name in ("Anna", "Chen", "Mallory")]
        circles = Circles(desk.world, chance, mirrored[:2], clients)
        traffic = Traffic(desk.world, chance, mirrored, clients, circles)
        async with lives(desk.config) as wysper:
            weather = Weather(desk.world.faults, chance)
            one = Soak(desk, wysper, chance, traffic, weather, circles, linked.server, Summary(seed))
            desk.world.on_time(lambda _now: one.set_clock())
            await wysper.begin()
            yield one


async def _connect(linked: Linkable) -> None:
    desk = linked.desk
    olga, boris, vera = (desk.people[name] for name in ("Olga", "Boris", "Vera"))
    async with enter(desk.app.installation, OLGA, WORKSPACE) as seat:
        code = await accounts.invite_account(seat)
    assert await accounts.accept_account(desk.app.installation, vera.id, code)
    await olga.connects_business()
    await vera.connects_business()
    for person in (olga, boris):
        steps: asyncio.Queue[LoginStep] = asyncio.Queue()
        await desk.app.devices.link(WORKSPACE, steps.put)
        while isinstance(step := await steps.get(), LoginCode):
            linked.server.accept_login_token(step.url, person.id)
        assert step == LoginEnded("linked", person.id)
