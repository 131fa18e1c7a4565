"""What goes wrong, by chance: faults of both of Telegram's faces, hours that pass, clocks that jump."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from sandbox.faults import FaultName, Faults

AT_ONCE = 5  # faults of one spell, at most
CLOCK: FaultName = "mtproto_clock"
CLOCKS_APART = 2 * 3600.0  # seconds, at most
Facts = Callable[[random.Random], dict[str, Any]]


def _times(most: int) -> Facts:
    return lambda chance: {"times": chance.randint(1, most)}


def _polls(most: int) -> Facts:
    """Where the bot's own words are none of the matter: only what it asks for."""
    return lambda chance: {"times": chance.randint(1, most), "method": "getUpdates"}


def _late(chance: random.Random) -> dict[str, Any]:
    return {"times": chance.randint(1, 8), "seconds": chance.uniform(0, 0.6)}


def _flood(chance: random.Random) -> dict[str, Any]:
    return {"times": 1, "seconds": 1, "method": chance.choice((None, "updates.getDifference", "messages.getHistory"))}


def _cut(chance: random.Random) -> dict[str, Any]:
    return {"times": 1, "method": chance.choice((None, "updates.getDifference", "messages.getHistory"))}


def _too_long(chance: random.Random) -> dict[str, Any]:
    return {"times": 1, "method": chance.choice((None, "updates.getChannelDifference"))}


SPELLS: dict[FaultName, Facts] = {
    "bot_api_down": _times(4),
    "bot_api_slow": lambda chance: {"times": 2, "seconds": chance.uniform(0.1, 0.5)},
    "bot_api_flood": lambda _: {"times": 1, "seconds": 1},
    "bot_api_5xx": _times(4),
    "bot_api_garbage": _times(4),
    "bot_api_answer_lost": _polls(3),
    "bot_api_answer_cut": _polls(3),
    "bot_api_again": _times(4),
    "mtproto_cut": _cut,
    "mtproto_refused": _times(2),
    "mtproto_answer_cut": _times(2),
    "mtproto_flood": _flood,
    "mtproto_withheld": _times(8),
    "mtproto_twice": _times(20),
    "mtproto_late": _late,
    "mtproto_too_long": _too_long,
    "mtproto_channel_too_long": _times(2),
    "mtproto_swallow": _times(2),
}


class Weather:
    """Switches faults on and off; `tally` counts each."""

    def __init__(self, faults: Faults, chance: random.Random) -> None:
        self._faults = faults
        self._chance = chance
        self.tally: Counter[str] = Counter()

    def turns_bad(self) -> None:
        """Switch a few faults on."""
        for name in self._chance.sample(list(SPELLS), self._chance.randint(1, AT_ONCE)):
            self._faults.on(name, **SPELLS[name](self._chance))
            self.tally[name] += 1

    def clears(self) -> None:
        """Switch all off, but for the clock: that stays wrong until it jumps again."""
        for name in SPELLS:
            self._faults.off(name)

    def clocks_jump(self) -> None:
        """Put the clocks of Telegram and of its clients apart, or together again."""
        self._faults.off(CLOCK)
        if self._chance.random() < 0.5:
            self._faults.on(CLOCK, seconds=self._chance.uniform(-CLOCKS_APART, CLOCKS_APART))
            self.tally[CLOCK] += 1
