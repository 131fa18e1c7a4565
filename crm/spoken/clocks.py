"""What time of day is meant: at nine, half past nine, 9:30, 9 in the evening, noon."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm.spoken.days import Days
from crm.spoken.vocabulary import Part, Unit
from crm.spoken.words import HOURS, MINUTES, NOON, Found


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as it was said. `plain`: an hour alone, as of a dial with twelve."""

    hour: int
    minute: int = 0
    plain: bool = False


def by_part(hour: int, part: Part) -> int:
    """The hour as the part of the day has it: 9 in the evening is 21."""
    if part is Part.NIGHT and hour in range(8, 13):
        return (hour + 12) % 24
    if part in {Part.AFTERNOON, Part.EVENING, Part.TONIGHT} and hour in range(1, 12):
        return hour + 12
    return hour


class Clocks(Days):
    """The rules of times."""

    def _clock(self, start: int, part: Part | None) -> Found:
        place = self._skip(start, "at", "on", "filler", "oclock")
        marked = any(self._role(at, role) for at in range(start, place) for role in ("at", "oclock"))
        if (fixed := self._role(place, "clock")) is not None:
            return self._exact(place + 1, fixed.hour, fixed.minute, plain=0 < fixed.hour < NOON)
        if self._kind(place) in {"clock", "hours", "pair"}:
            return self._digits(place, marked=marked)
        if (shift := self._role(place, "before")) is not None:
            of = self._number(at := self._skip(place + 1, "filler", "at"))
            return self._shifted(of, shift, at + 1) if of is not None else None
        return self._hour(place, marked=marked, part=part)

    def _digits(self, place: int, *, marked: bool) -> Found:
        """9:30, 9h30, and 9.30 where that is no date."""
        text = self._items[place].text.lower()
        hour, minute = (int(number) for number in re.split(r"\D+", text))
        if self._kind(place) != "pair":
            return self._exact(place + 1, hour, minute)
        is_clock = "." in text and minute < MINUTES
        if is_clock and (marked or self._role(place + 1, "oclock") or self._written(place) is None):
            return self._exact(place + 1, hour, minute)
        return None

    def _hour(self, place: int, *, marked: bool, part: Part | None) -> Found:
        hour = self._number(place)
        if hour is None or hour > HOURS or self._role(place + 1, "month") is not None:
            return None
        named = self._skip(place + 1, "oclock") > place + 1
        for behind in (place + 1, self._skip(place + 1, "oclock")):
            if (shift := self._role(behind, "after")) is not None:
                return self._shifted(hour, shift, behind + 1)
        if named and self._is_minutes(behind):
            minute = int(self._items[behind].text)
            return self._exact(behind + (2 if self._role(behind + 1, "unit") is Unit.MINUTE else 1), hour, minute)
        turned = self._turned(behind, hour)
        if turned is not None:
            return {"clock": Clock(turned[0])}, turned[1]
        counted = not named and self._role(place + 1, "unit") is not None
        plain = not self._items[place].text.startswith("0") and part is None
        return ({"clock": Clock(hour, plain=plain)}, behind) if named or (marked and not counted) else None

    def _is_minutes(self, place: int) -> bool:
        number = self._number(place) if self._kind(place) == "number" else None
        return number is not None and number < MINUTES and len(self._items[place].text) == len("30")

    def _exact(self, place: int, hour: int, minute: int, *, plain: bool = False) -> Found:
        behind = self._skip(place, "oclock")
        turned = self._turned(behind, hour)
        if turned is not None:
            return {"clock": Clock(turned[0], minute)}, turned[1]
        return {"clock": Clock(hour, minute, plain)}, behind

    def _shifted(self, hour: int, shift: int, place: int) -> Found:
        place = self._skip(place, "oclock")
        turned = self._turned(place, hour)
        if turned is not None:
            hour, place = turned
        minutes = (hour * MINUTES + shift) % (HOURS * MINUTES)
        return {"clock": Clock(*divmod(minutes, MINUTES), plain=turned is None)}, place

    def _turned(self, place: int, hour: int) -> tuple[int, int] | None:
        """The hour by what follows it: am, pm, in the evening."""
        if hour <= HOURS // 2:
            if self._role(place, "am"):
                return hour % 12, place + 1
            if self._role(place, "pm"):
                return hour % 12 + 12, place + 1
        at = self._skip(place, "filler")
        part = self._role(at, "part") or (self._role(at, "day_part") or (0, None))[1]
        return (by_part(hour, part), at + 1) if part is not None else None
