"""What people write into a field, read in their own notation: numbers, money, days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from crm.errors import Invalid

LARGEST = Decimal(10) ** 12
PLACES = 4  # behind the point
CENTURY, THIS_CENTURY = 2000, 100  # a year written with two digits is of this one
GROUP = 3  # digits between two marks of thousands
_SPACES = re.compile(r"[\s'’`_]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")
_MONEY = re.compile(r"(?P<before>\D*?)(?P<amount>[+\-\u2212]?\s?\d(?:[\d.,'’`_\s]*\d)?)(?P<after>\D*)", re.DOTALL)
_DAY = re.compile(
    r"(?:(?P<year>\d{4})(?P<sign>[-./])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<mark>[-./])(?P<then>\d{1,2})(?:(?P=mark)(?P<last>\d{4}|\d{2})?)?)"
)


def number(text: str, point: str) -> Decimal:
    """A number as people write it; `point` is the reader's own mark before the fraction, for what could be either.

    Raises Invalid("value"): number, too_large.
    """
    plain = _SPACES.sub("", text).replace("\u2212", "-")
    if not _NUMBER.fullmatch(plain):
        raise Invalid("value", "number")
    found = Decimal(_with_point(plain, point))
    if abs(found) >= LARGEST:
        raise Invalid("value", "too_large")
    return round(found, PLACES)


def _with_point(plain: str, point: str) -> str:
    marks = [sign for sign in plain if sign in ".,"]
    if not marks:
        return plain
    last = marks[-1]
    *_head, tail = re.split("[.,]", plain)
    groups = marks.count(last) > 1 or (len(set(marks)) == 1 and len(tail) == GROUP and last != point)
    if groups and len(set(marks)) > 1:
        raise Invalid("value", "number")
    other = {".": ",", ",": "."}[last]
    return plain.replace(last, "") if groups else plain.replace(other, "").replace(last, ".")


def money(text: str, point: str, currencies: Mapping[str, str], usual: str) -> tuple[Decimal, str]:
    """An amount and its currency; `currencies` are the reader's words and signs for them, in small letters.

    Without a word for it the usual one is meant. Raises Invalid("value"): money, currency, too_large.
    """
    found = _MONEY.fullmatch(text)
    if found is None:
        raise Invalid("value", "money")
    try:
        amount = number(found["amount"], point)
    except Invalid as error:
        raise Invalid("value", "money" if error.reason == "number" else error.reason) from error
    word = f"{found['before']}{found['after']}".strip(" \t\n\u00a0.,-").casefold()
    if word and word not in currencies:
        raise Invalid("value", "currency")
    return amount, currencies[word] if word else usual


def day(text: str, today: date) -> date:
    """A day as 31.12.2026, 31/12/26 or 2026-12-31; without its year it is of this one. Raises Invalid: day."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise Invalid("value", "day")
    try:
        if found["year"]:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        last = int(found["last"]) if found["last"] else today.year
        year = last + CENTURY if last < THIS_CENTURY else last
        return date(year, int(found["then"]), int(found["first"]))
    except ValueError as error:
        raise Invalid("value", "day") from error
