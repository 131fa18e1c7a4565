"""Which day is meant: tomorrow, next Monday, the first of December, 15.12."""

from __future__ import annotations

from dataclasses import dataclass

from crm.spoken.vocabulary import Unit
from crm.spoken.words import FORWARD, LONGEST_MONTH, MONTHS, Found, Words


@dataclass(frozen=True, slots=True)
class Date:
    """A day of a calendar; what is None was not said."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    last: bool = False  # of its month, if that is shorter


class Days(Words):
    """The rules of days."""

    def _day(self, start: int) -> Found:
        if (both := self._role(start, "day_part")) is not None:
            return {"offset": both[0], "part": both[1]}, start + 1
        this = any(self._role(place, "this") for place in range(start, self._skip(start, *FORWARD)))
        place = self._skip(start, *FORWARD)
        if (offset := self._role(place, "day")) is not None:
            return {"offset": offset}, place + 1
        return self._weekday(place, this=this) or self._coming(place) or self._date(place, since=start)

    def _weekday(self, start: int, *, this: bool) -> Found:
        place = self._skip(start, "next", "filler")
        weekday = self._role(place, "weekday")
        if weekday is None:
            return None
        further = self._skip(place + 1, "next")
        behind = self._skip(further + 1 if self._mark(further, ",") else further, "on", "filler")
        if (date := self._date(behind)) is not None:
            return date
        week = self._coming(self._skip(behind, "at", "into")) if behind < len(self._items) else None
        if week is not None and week[0]["coming"] is Unit.WEEK:
            return {"weekday": weekday, "coming": Unit.WEEK}, week[1]
        return {"weekday": weekday, "this": this}, further

    def _coming(self, start: int) -> Found:
        place = self._skip(start, "next")
        unit = self._role(place, "unit")
        after = self._skip(place + 1, "next")
        if unit not in {Unit.WEEK, Unit.MONTH, Unit.YEAR} or (place == start and after == place + 1):
            return None
        weekday = self._role(behind := self._skip(after, "on", "at", "filler"), "weekday")
        if unit is Unit.WEEK and weekday is not None:
            return {"coming": unit, "weekday": weekday}, behind + 1
        return {"coming": unit}, after

    def _date(self, start: int, since: int | None = None) -> Found:
        written = self._written(start)
        if written is not None:
            return {"date": written}, start + 1
        if self._role(start, "month_end") is not None:
            return {"date": Date(LONGEST_MONTH, last=True)}, start + 1
        month, day = self._role(start, "month"), self._number(start + 1)
        if month is not None and day is not None and day <= LONGEST_MONTH and self._role(start + 2, "month") is None:
            return self._with_year(Date(day, month), self._after_ordinal(start + 1))
        day = self._number(start)
        return self._numbered(start, day, since) if day is not None else None

    def _numbered(self, start: int, day: int, since: int | None) -> Found:
        """The 1st of December, or the 15th of whichever month comes next."""
        behind = self._after_ordinal(start)
        place = self._skip(behind, "filler", "day_of_month")
        if (month := self._role(place, "month")) is not None:
            return self._with_year(Date(day, month), place + 1)
        named = self._skip(behind, "day_of_month")
        before = since is not None and any(self._role(at, "day_of_month") for at in range(since, start))
        if (named > start + 1 or before) and self._role(named, "unit") in {None, Unit.MONTH}:
            return {"date": Date(day)}, self._of_the_month(named)
        return None

    def _of_the_month(self, place: int) -> int:
        unit = self._skip(place, "filler", "every")
        return unit + 1 if self._role(unit, "unit") is Unit.MONTH else place

    def _after_ordinal(self, place: int) -> int:
        """Behind a number and the ending that makes it an ordinal one."""
        if self._touches(place + 1) and (self._role(place + 1, "ordinal") or self._mark(place + 1, ".°")):
            return place + 2
        return place + 1

    def _with_year(self, date: Date, place: int) -> Found:
        at = self._skip(place + 1 if self._mark(place, ",") else place, "filler")
        year = self._number(at)
        if year is None or len(self._items[at].text) != len("2026") or self._kind(at) != "number":
            return {"date": date}, place
        return {"date": Date(date.day, date.month, year)}, self._skip(at + 1, "after_year")

    def _written(self, place: int) -> Date | None:
        kind = self._kind(place)
        if kind == "iso":
            first, second, third = (int(part) for part in self._items[place].text.split("-"))
            return Date(third, second, first)
        if kind not in {"date", "pair"}:
            return None
        text = self._items[place].text
        numbers = [int(part) for part in text.replace("/", ".").replace("-", ".").split(".")]
        first, second = numbers[:2]
        if "/" in text and second <= LONGEST_MONTH and (second > MONTHS or (self._month_first and first <= MONTHS)):
            first, second = second, first
        if kind == "pair" and second > MONTHS and "." in text:
            return None  # a time of day, or nothing of ours
        year = numbers[2] if kind == "date" else None
        return Date(first, second, year + 2000 if year is not None and year < 100 else year)  # noqa: PLR2004
