"""Numbers, dates and plurals as each reader writes them, in every language that is shipped."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from gettext import c2py

import pytest
from babel import Locale
from babel.messages.pofile import read_po
from babel.numbers import parse_decimal
from hypothesis import given
from hypothesis import strategies as st

from handlers.language import (
    FOLDER,
    SOURCE,
    clock,
    day,
    distance,
    exactly,
    fitting,
    languages,
    month_day,
    number,
    percent,
    size,
    speaking,
    weekday,
)
from handlers.language import date as short_date
from handlers.screens.messages import brief
from handlers.screens.told import facts_line
from storage.messages import Message

LANGUAGES = st.sampled_from(sorted(languages()))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2039, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("en", 1, "1 byte"),
        ("en", 999, "999 bytes"),
        ("en", 30_600, "30.6 kB"),
        ("en", 999_960, "1 MB"),
        ("en", 60_000_000, "60 MB"),
        ("en", 5_000_000_000_000, "5,000 GB"),
        ("ru", 21, "21 байт"),
        ("ru", 30_600, "30,6 кБ"),
        ("ru", 60_000_000, "60 МБ"),
    ],
)
def test_a_size_is_said_in_the_readers_language(language: str, count: int, words: str) -> None:
    with speaking(language):
        assert size(count) == words


def test_a_percentage_is_written_as_the_reader_writes_it() -> None:
    with speaking("en"):
        assert percent(0.999) == "99%"
    with speaking("ru"):
        assert percent(0.999) == "99\xa0%"


def test_a_call_is_called_a_call() -> None:
    call = Message(
        conversation_id=1,
        account_id=1,
        peer_id=2,
        message_id=3,
        sender_id=2,
        outgoing=False,
        kind="service",
        text="",
        sent_at=datetime(2026, 5, 3, tzinfo=UTC),
        extra={"service": "phone_call"},
    )
    with speaking("en"):
        assert facts_line(call) == brief(call) == "📞 Call"
    with speaking("ru"):
        assert facts_line(call) == "📞 Звонок"


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("ru", "ru"),
        ("ru-raw", "ru"),
        ("en-GB", "en"),
        ("RU", "ru"),
        ("ru_RU", "ru"),
        ("zh-hans", "en"),
        ("tlh", "en"),
        ("rub", "en"),
        ("-", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_language_of_telegram_is_spoken_whatever_the_region(code: str | None, ours: str) -> None:
    assert fitting(code) == ours


@pytest.mark.parametrize("region", ["br", "pt", "BR", "raw"])
def test_every_language_that_is_shipped_is_found_by_its_code_and_region(region: str) -> None:
    assert [fitting(f"{code}-{region}") for code in languages()] == list(languages())


@given(LANGUAGES, st.integers(-(10**12), 10**12))
def test_a_number_is_read_as_it_was_meant(language: str, value: int) -> None:
    with speaking(language):
        assert int(parse_decimal(number(value), locale=language)) == value


@given(LANGUAGES, MOMENTS)
def test_a_date_names_its_day_and_its_year_and_no_month_by_number(language: str, moment: datetime) -> None:
    with speaking(language):
        assert {int(digits) for digits in re.findall(r"\d+", day(moment))} == {moment.day, moment.year}
        assert [int(digits) for digits in re.findall(r"\d+", short_date(moment))] == [moment.day]
        assert len(short_date(moment)) <= 9  # “10. Sept.”: it stands beside others in one row of buttons


@given(LANGUAGES, MOMENTS, MOMENTS)
def test_a_promise_is_echoed_with_weekday_day_and_time_and_the_year_where_it_is_another(
    language: str, moment: datetime, now: datetime
) -> None:
    with speaking(language):
        said, time = exactly(moment, now), clock(moment)
        before = said.removesuffix(f", {time}")
        assert before != said
        assert weekday(moment.weekday()).casefold() in before.casefold()
        years = set() if moment.year == now.year else {moment.year}
        assert {int(digits) for digits in re.findall(r"\d+", before)} == {moment.day} | years
        if not years:
            assert before[-1].isalnum()  # no "de", "г." or "р." is left of the year
            assert not before.endswith(" de")


@given(LANGUAGES, MOMENTS, st.integers(2, 300))
def test_what_is_ahead_is_not_told_like_what_is_behind(language: str, now: datetime, days: int) -> None:
    with speaking(language):
        ahead, behind = distance(now + timedelta(days=days), now), distance(now - timedelta(days=days), now)
        assert ahead != behind
        assert re.search(r"\d|[a-zа-яіїєґ]", ahead.casefold())


@pytest.mark.parametrize("language", languages())
def test_every_day_of_a_year_has_a_name_of_its_own(language: str) -> None:
    days = [date(2024, 1, 1) + timedelta(days=count) for count in range(366)]
    with speaking(language):
        assert len({month_day(one.month, one.day) for one in days}) == len(days)
        assert len({weekday(one) for one in range(7)}) == 7


@given(LANGUAGES, st.floats(0, 1))
def test_only_the_whole_is_called_a_hundred_percent(language: str, share: float) -> None:
    with speaking(language):
        assert ("100" in percent(share)) == (share == 1)


def plurals(language: str) -> Callable[[int], int]:
    """Which of its plural forms the catalog of a language takes for a number."""
    if language == SOURCE:
        return lambda count: int(count != 1)
    with (FOLDER / language / "LC_MESSAGES" / "wysper.po").open("rb") as source:
        formula: Callable[[int], int] = c2py(read_po(source, locale=language).plural_expr)
        return formula


@pytest.mark.parametrize("language", languages())
def test_numbers_that_the_language_counts_alike_take_one_form(language: str) -> None:
    """The formula at the head of a catalog against the rules of Unicode."""
    form, kinds = plurals(language), dict[str, set[int]]()
    for count in range(1, 1001):
        kinds.setdefault(Locale.parse(language).plural_form(count), set()).add(form(count))
    assert all(len(forms) == 1 for forms in kinds.values())
    assert len(set.union(*kinds.values())) == len(kinds)
