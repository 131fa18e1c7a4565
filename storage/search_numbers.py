"""Numbers in whatever way they are written: 1,500 and 1 500.00 are one amount, +7 916 … and 8 (916) … one phone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

PHONE = (  # a short one only where nothing in it is a space: "500 2026" are two numbers
    r"\+?\(?(?<![^\W_])(?:\d(?:[\s().\-/]{0,3}\d){8,14}|\d(?:[().\-/]{0,3}\d){6,14})(?![^\W_]|[.,]\d)"
)
GROUP = r"[ .,'’\u00a0\u2009\u202f]"
AMOUNT = (
    rf"(?<![^\W_])(?<!\d[.,:/\-])(?:\d{{1,3}}(?:{GROUP}\d{{3}})+(?:[.,]\d{{1,2}})?|\d+[.,]\d{{1,2}}|\d{{4,}})"
    r"(?![^\W_]|[.,:/\-]\d)"
)
CENTS = 2  # digits behind the point of an amount, at the most


def joined(typed: str) -> str:
    """The digits alone."""
    return "".join(filter(str.isdigit, typed))


def whole(typed: str) -> str:
    """An amount without its cents, in one piece."""
    return _parts(typed)[0]


def amounts(typed: str) -> Iterator[tuple[str, ...]]:
    """An amount in the words that the index may hold of it; cents that are none may be left out."""
    head, cents = _parts(typed)
    groups = [head[max(0, end - 3) : end] for end in range(len(head), 0, -3)][::-1]
    spelt = [cents, cents.rstrip("0"), cents.ljust(CENTS, "0")] if cents.strip("0") else []
    for spelling in dict.fromkeys([(head,), tuple(groups)]):
        yield from dict.fromkeys((*spelling, one) for one in spelt) or [spelling]


def _parts(typed: str) -> tuple[str, str]:
    """The digits before and behind the point, if there is one that is none between thousands."""
    for n in range(1, CENTS + 1):
        if typed[-n:].isdigit() and typed[:-n][-1:] in {".", ","}:
            return joined(typed[:-n]), typed[-n:]
    return joined(typed), ""


def phones(typed: str, digits: str, homes: Iterable[str]) -> Iterator[str]:
    """A phone in the ways in which its digits may stand in one piece: with its country, without, and as dialled there.

    Without a plus it may be of the country of any of these phones.
    """
    import phonenumbers  # noqa: PLC0415  its tables take their time and memory, and few people ask for phones

    def parsed(written: str, region: str | None) -> Any:
        with suppress(phonenumbers.NumberParseException):
            return phonenumbers.parse(written, region)

    regions = {phonenumbers.region_code_for_number(one) for home in homes if (one := parsed(f"+{joined(home)}", None))}
    yield digits
    for region in [None] if typed.startswith("+") else sorted(filter(None, regions)):
        number = parsed(typed, region)
        if number and phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE:
            own = phonenumbers.national_significant_number(number)
            yield f"{number.country_code}{own}"
            yield own
            yield joined(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
