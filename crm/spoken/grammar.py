"""The grammar of moments, the same for all languages: what a text says of day, time and repetition, and where.

Each rule looks at one place and gives what it found with the place behind it, or None. Order matters little: a
language's own words say what each piece is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crm.repeating import Every
from crm.spoken.clocks import Clock, Clocks
from crm.spoken.days import Date
from crm.spoken.vocabulary import Part, Unit
from crm.spoken.words import FORWARD, HOURS, Found

AGAIN = {
    Unit.DAY: Every.DAY,
    Unit.WORKDAY: Every.WEEKDAY,
    Unit.WEEK: Every.WEEK,
    Unit.MONTH: Every.MONTH,
    Unit.YEAR: Every.YEAR,
}


@dataclass(slots=True)
class Said:
    """What a text says, and which items say it."""

    offset: int | None = None  # in days from today
    weekday: int | None = None
    weekdays: tuple[int, ...] = ()  # of what comes again on several
    coming: Unit | None = None  # next week, month or year
    date: Date | None = None
    span: dict[Unit, float] | None = None
    clock: Clock | None = None
    part: Part | None = None
    every: Every | None = None
    too_fine: bool = False  # it comes again in a way that is not offered
    this: bool = False  # this Friday may be today
    taken: list[tuple[int, int]] = field(default_factory=list)  # from item to item

    @property
    def has_day(self) -> bool:
        """Whether it says which day."""
        asked = (self.offset, self.weekday, self.coming, self.date, self.span)
        return any(one is not None for one in asked)


class Grammar(Clocks):
    """Reads one text."""

    def read(self) -> Said:
        """All that it says; of two days or two times it is the first."""
        said, place = Said(), 0
        while place < len(self._items):
            found = self._piece(said, place)
            if found is None:
                place += 1
                continue
            for name, value in found[0].items():
                setattr(said, name, value)
            said.taken.append((place, found[1]))
            place = found[1]
        self._bare_hour(said)
        return said

    def _piece(self, said: Said, place: int) -> Found:
        found: Found = None
        if said.every is None and not said.too_fine:
            found = self._repetition(place)
        if found is None:
            found = self._refined(said, place) if said.has_day else self._span(place) or self._day(place)
        if found is None and said.clock is None and not _is_exact(said):
            found = self._clock(place, said.part)
        if found is None and said.part is None and said.clock is None:
            found = self._part(place, today=not said.has_day)
        return found

    # what comes again

    def _repetition(self, start: int) -> Found:
        if self._role(place := self._skip(start, "on", "filler"), "weekly") is not None:
            return self._weekdays(place, "weekly")
        if (every := self._role(start, "repeat")) is not None:
            return {"every": every}, start + 1
        place = self._skip(start, "on", "at", "filler")
        if self._role(place, "every") is None:
            return self._listed(self._skip(start, "on", "filler"))
        place = self._skip(place + 1, "filler")
        return self._each(place)

    def _listed(self, place: int) -> Found:
        """Several days of the week without a word for each: Mon, Wed, Fri."""
        found = self._weekdays(place, "weekday") if self._role(place, "weekday") is not None else None
        return found if found is not None and len(set(found[0]["weekdays"])) > 1 else None

    def _each(self, place: int) -> Found:
        unit, weekday, part = (self._role(place, role) for role in ("unit", "weekday", "part"))
        if unit in AGAIN:
            return {"every": AGAIN[unit]}, place + 1
        if part is not None:
            return {"every": Every.DAY, "part": part}, place + 1
        if weekday is not None:
            return self._weekdays(place, "weekday")
        if (date := self._date(place)) is not None:
            return {**date[0], "every": Every.MONTH if date[0]["date"].month is None else Every.YEAR}, date[1]
        too_fine = unit is not None or self._role(place, "other") or self._amount(place) is not None
        return ({"too_fine": True}, place + 1) if too_fine else None

    def _weekdays(self, place: int, role: str) -> Found:
        """One day of each week, or several: Mondays, Wednesdays and every Friday."""
        days = [self._role(place, role)]
        while True:
            joint = self._skip(place + 2 if self._mark(place + 1, ",/&+") else place + 1, "conjunction")
            further = self._skip(joint, "on", "every", "filler")
            if joint == place + 1 or self._role(further, role) is None:
                return {"every": Every.WEEK, "weekday": days[0], "weekdays": tuple(days)}, place + 1
            days.append(self._role(further, role))
            place = further

    def _refined(self, said: Said, place: int) -> Found:
        """A second word on the day: in two weeks on Friday, next month on the 5th, and the other way round."""
        found: Found = None
        if said.span is not None and {*said.span} == {Unit.WEEK} and said.weekday is None:
            found = self._weekday(self._skip(place, *FORWARD), this=False)
        elif said.weekday is not None and said.coming is None and said.span is None and said.every is None:
            found = self._span(place)
        elif said.coming is Unit.MONTH and said.date is None:
            found = self._day(place)
        elif said.date is not None and said.date.month is None and said.coming is None and said.every is None:
            found = self._coming(self._skip(place, *FORWARD))
        return found if found is not None and _refines(found[0]) else None

    # how long from now

    def _span(self, start: int) -> Found:
        marked = self._role(start, "into") is not None
        place = self._skip(start + 1, "filler") if marked else start
        span: dict[Unit, float] = {}
        while (found := self._measure(place, alone=marked and not span)) is not None:
            (count, unit), place = found
            span[unit] = span.get(unit, 0) + count
            if self._role(place, "and_half") is not None:
                span[unit], place = span[unit] + 0.5, place + 1
            further = self._skip(place, "conjunction")
            if self._measure(further, alone=False) is None:
                break
            place = further
        if self._role(place, "later") is not None:
            marked, place = True, place + 1
        return ({"span": span}, place) if span and marked else None

    def _measure(self, place: int, *, alone: bool) -> tuple[tuple[float, Unit], int] | None:
        """So many of a unit; `alone`: a unit without a number is one."""
        if (minutes := self._role(place, "span")) is not None:
            return (minutes, Unit.MINUTE), place + 1
        amount = self._amount(place)
        if amount is not None and (unit := self._role(place + 1, "unit")) is not None:
            return (amount, unit), place + 2
        if alone and (unit := self._role(place, "unit")) is not None:
            return (1, unit), place + 1
        return None

    def _part(self, start: int, *, today: bool) -> Found:
        part = self._role(place := self._skip(start, *FORWARD), "part")
        if part is None:
            return None
        this = today and any(self._role(at, "this") for at in range(start, place))
        return {"part": part, **({"offset": 0} if this else {})}, place + 1

    def _bare_hour(self, said: Said) -> None:
        """A number that stands alone, or behind a day and before nothing, is an hour."""
        if said.clock is not None or _is_exact(said):
            return
        place = said.taken[-1][1] if said.taken else 0
        alone = place + 1 == len(self._items) or (said.taken and self._kind(place + 1) == "mark")
        hour = self._number(place) if self._kind(place) == "number" and alone else None
        if hour is not None and hour <= HOURS and (said.has_day or said.every or not said.taken):
            said.clock = Clock(hour, plain=not self._items[place].text.startswith("0") and said.part is None)
            said.taken.append((place, place + 1))


def _refines(found: dict[str, Any]) -> bool:
    """Whether a second word on the day is one that goes with a first."""
    date = found.get("date")
    if date is not None:
        return date.month is None
    weeks = {*found.get("span", {Unit.WEEK})} == {Unit.WEEK}
    return weeks and found.get("coming") in {None, Unit.MONTH} and "offset" not in found


def _is_exact(said: Said) -> bool:
    """Whether it was counted in hours or minutes from now."""
    return said.span is not None and any(unit in said.span for unit in (Unit.MINUTE, Unit.HOUR))
