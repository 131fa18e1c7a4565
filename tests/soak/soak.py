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
from pathlib import Path
from time import monotonic

from bot.app import App
from bot.clock import SystemClock
from crm import accounts
from crm.access import enter
from crm.ports import LoginCode, LoginEnded, LoginStep
from tests.devices import Linkable, linkable
from tests.lives import Lives, lives
from tests.people import OLGA, Desk, configured, furnish
from tests.soak.ledger import WORKSPACE, Verdict, contents, judge
from tests.soak.traffic import Traffic
from tests.soak.weather import Weather

PATIENCE = 90.0  # seconds until a vault that is not the world is called wrong
HOUR = timedelta(hours=1)
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
    summary: Summary
    wrong: timedelta = timedelta()  # by which the machine's clock is ahead of the world's

    async def day(self) -> Verdict:
        """One cycle: a life is killed in bad weather, the next one wakes up in it, and comes to rest when it clears.

        Now and then the night in between is so long that Telegram no longer has what the bot was to be told; before
        one, the machine's clock is right: the ledger knows no other.
        """
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
        return await self._settled()

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

    async def _settled(self) -> Verdict:
        """Look again until the vault is the world, but for what the ledger states. Raises Unlike."""
        deadline = monotonic() + PATIENCE
        alone = self.desk.people["Vera"].id
        while True:
            here = await self.lives.does(contents)
            verdict = judge(self.desk.world, self.traffic, here, alone)
            if not verdict.unstated and not verdict.open:
                return verdict
            if monotonic() > deadline:
                place = f"seed {self.summary.seed}, cycle {self.summary.cycles + 1}, ledger:"
                raise Unlike("\n".join((place, *map(repr, here.gaps), "not stated there:", *verdict.unstated)))
            await asyncio.sleep(LOOK)


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
            verdict = Verdict()
            for _ in range(cycles):
                verdict = await one.day()
                one.summary.cycles += 1
                after_each(one.summary.cycles)
            here = await one.lives.does(contents)
    counts = one.summary.counts + one.traffic.tally + one.weather.tally
    counts += Counter(f"gaps stated: {gap.why}" for gap in here.gaps)
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
        traffic = Traffic(desk.world, chance, mirrored, clients)
        async with lives(desk.config) as wysper:
            one = Soak(desk, wysper, chance, traffic, Weather(desk.world.faults, chance), Summary(seed))
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
