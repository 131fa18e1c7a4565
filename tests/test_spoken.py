"""Times as people write them, in nine languages."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crm.repeating import Every, Repetition
from crm.spoken import Spoken, Trouble, read
from crm.spoken.languages import VOCABULARIES
from handlers.language import exactly, speaking
from tests.phrases import PHRASES

BERLIN = "Europe/Berlin"
ZONES = (BERLIN, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
EVERY = [(language, *row) for language, rows in PHRASES.items() for row in rows]
NOW = datetime(2026, 11, 25, 14, 3, tzinfo=UTC)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  made aware
WORDS = sorted({form for vocabulary in VOCABULARIES.values() for key in vocabulary.phrases for form in key})
texts = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.one_of(st.sampled_from(WORDS), st.integers(0, 40).map(str), st.from_regex(r"[0-9]{1,4}[.:/h-][0-9]{1,2}")),
        max_size=9,
    ).map(" ".join),
)


def at(there: str, zone: str = BERLIN) -> datetime:
    """The moment at which clocks there show this."""
    return datetime.fromisoformat(there).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def meant(spoken: Spoken) -> str:
    """As the table of phrases writes it."""
    if spoken.moment is None:
        return str(spoken.trouble)
    there = spoken.moment.astimezone(ZoneInfo(BERLIN))
    return f"{there:%Y-%m-%d %H:%M}" + (f" {spoken.repetition}" if spoken.repetition else "")


@pytest.mark.parametrize(("language", "text", "expected", "words"), EVERY)
def test_what_is_written_is_understood_whatever_language_its_reader_speaks(
    language: str, text: str, expected: str, words: str
) -> None:
    for reader in (language, "en", "ru"):
        spoken = read(text, NOW, BERLIN, reader)
        assert (meant(spoken), spoken.words) == (expected, words), reader


def test_every_language_has_at_least_fifteen_phrases() -> None:
    assert set(PHRASES) == set(VOCABULARIES)
    assert all(len(rows) >= 15 for rows in PHRASES.values())


@settings(max_examples=400)
@given(texts, moments, st.sampled_from(ZONES), st.sampled_from([*VOCABULARIES, "xx"]))
def test_no_text_leads_into_the_past_or_astray(text: str, now: datetime, zone: str, language: str) -> None:
    spoken = read(text, now, zone, language)
    assert (spoken.moment is None) == (spoken.trouble is not None)
    if spoken.moment is not None:
        assert now < spoken.moment < now + timedelta(days=366 * 20 + 1)
    if spoken.repetition is not None:
        assert spoken.moment == spoken.repetition.after(now, zone)


@settings(max_examples=300)
@given(moments, st.integers(1, 500 * 24 * 60), st.sampled_from(ZONES), st.sampled_from(list(VOCABULARIES)))
def test_what_is_echoed_says_the_same_moment(now: datetime, minutes: int, zone: str, language: str) -> None:
    moment = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    assume(moment > now)
    with speaking(language, zone):
        echo = exactly(moment, now)
    spoken = read(echo, now, zone, language)
    there = moment.astimezone(ZoneInfo(zone))
    assert spoken.moment is not None, echo
    assert spoken.moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == there.replace(tzinfo=None), echo
    assert not spoken.words


@settings(max_examples=300)
@given(moments, moments, st.sampled_from(list(Every)), st.sampled_from(ZONES))
def test_what_comes_again_comes_ahead_and_at_its_time(first: datetime, now: datetime, every: Every, zone: str) -> None:
    repetition = Repetition.of(every, first, zone)
    assert Repetition.read(str(repetition)) == repetition
    then = repetition.after(now, zone)
    assert now < then <= now + timedelta(days=367)
    there = then.astimezone(ZoneInfo(zone))
    skipped = there.replace(tzinfo=None) != datetime.combine(there.date(), repetition.at)
    assert (
        not skipped
        or then.astimezone(ZoneInfo(zone)).utcoffset()
        != (then - timedelta(hours=2)).astimezone(ZoneInfo(zone)).utcoffset()
    )


@settings(max_examples=200)
@given(st.sets(st.integers(0, 6), min_size=1), st.times(), moments, st.sampled_from(ZONES))
def test_what_comes_on_some_weekdays_comes_on_each_of_them(
    days: set[int], clock: time, now: datetime, zone: str
) -> None:
    repetition = Repetition.on(days, clock.replace(second=0, microsecond=0))
    assert Repetition.read(str(repetition)) == repetition
    then, met = now, []
    for _day in days:
        then = repetition.after(then, zone)
        met.append(then.astimezone(ZoneInfo(zone)).weekday())
    assert sorted(met) == sorted(days)
    assert now < then <= now + timedelta(days=8)


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "Mon, Wed, Fri at 9", "135"),
        ("ru", "пн, ср, пт в 9", "135"),
        ("de", "mo, mi, fr um 9", "135"),
        ("fr", "les lundis et jeudis à 9h", "14"),
        ("es", "los lunes y jueves a las 9", "14"),
        ("it", "il lunedì e il giovedì alle 9", "14"),
        ("pt", "às segundas e quintas às 9", "14"),
        ("pl", "w poniedziałki i czwartki o 9", "14"),
        ("uk", "понеділок, середа, п'ятниця о 9", "135"),
    ],
)
def test_days_of_the_week_that_are_listed_come_again(language: str, text: str, days: str) -> None:
    said = read(text, datetime(2027, 3, 24, 10, tzinfo=UTC), "Europe/Berlin", language)
    assert (str(said.repetition), said.words) == (f"weekly-{days}-0900", "")


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "daily",
        "daily-0-2500",
        "weekly-8-0900",
        "weekly-41-0900",
        "weekly-11-0900",
        "weekly-12345-0900",
        "weekly-0-0900",
        "monthly-32-0900",
        "yearly-231-0900",
        "x",
    ],
)
def test_a_forged_repetition_is_none(forged: str) -> None:
    assert Repetition.read(forged) is None


def test_the_thirty_first_is_the_last_day_of_a_shorter_month() -> None:
    monthly, then = Repetition(Every.MONTH, time(9), 31), at("2027-01-31 09:00")
    days = []
    for _month in range(3):
        then = monthly.after(then, BERLIN)
        days.append(f"{then.astimezone(ZoneInfo(BERLIN)):%m-%d %H:%M}")
    assert days == ["02-28 09:00", "03-31 09:00", "04-30 09:00"]
    leap = Repetition(Every.YEAR, time(9), 229)
    assert leap.after(at("2027-01-01 00:00"), BERLIN) == at("2027-02-28 09:00")
    assert leap.after(at("2028-01-01 00:00"), BERLIN) == at("2028-02-29 09:00")


def test_a_time_that_summer_time_skips_is_an_hour_later_and_one_that_it_doubles_is_the_first_ahead() -> None:
    skipped = read("tomorrow at 2:30", at("2027-03-27 12:00"), BERLIN, "de")
    assert skipped.moment == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # 3:30 there
    before = read("31.10. 2:30", at("2027-10-30 12:00"), BERLIN, "de")
    assert before.moment == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    between = read("um 2:30", datetime(2027, 10, 31, 0, 45, tzinfo=UTC), BERLIN, "de")
    assert between.moment == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    nightly, told = Repetition(Every.DAY, time(2, 30)), datetime(2027, 10, 30, 1, 0, tzinfo=UTC)
    nights = [told := nightly.after(told, BERLIN) for _night in range(2)]
    assert nights == [datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 11, 1, 1, 30, tzinfo=UTC)]


def test_nine_in_the_morning_stays_nine_across_the_change() -> None:
    for now, day in (("2027-03-26 15:00", "2027-03-29"), ("2027-10-29 15:00", "2027-11-01")):
        assert read("in 3 days", at(now), BERLIN, "en").moment == at(f"{day} 09:00")


def test_month_and_day_stand_as_the_reader_writes_them() -> None:
    assert read("12/1 at 8", NOW, BERLIN, "en").moment == at("2027-01-12 08:00")
    assert read("12/1 at 8", NOW, "America/Chicago", "en").moment == at("2026-12-01 08:00", "America/Chicago")
    assert read("12/1 a las 8", NOW, "America/Mexico_City", "es").moment == at(
        "2027-01-12 08:00", "America/Mexico_City"
    )
    assert read("12/24", NOW, BERLIN, "en").moment == at("2026-12-24 09:00")


def test_todays_weekday_is_in_a_week_and_a_leap_day_in_its_year() -> None:
    assert read("Wednesday at 18:00", NOW, BERLIN, "en").moment == at("2026-12-02 18:00")
    assert read("this Wednesday at 18:00", NOW, BERLIN, "en").moment == at("2026-11-25 18:00")
    assert read("29 February", NOW, BERLIN, "en").moment == at("2028-02-29 09:00")


@pytest.mark.parametrize("text", ["", "call about the 3 rooms", "in March", "in 999999999999 years", "🎂"])
def test_what_says_no_time_is_left_as_it_is(text: str) -> None:
    assert read(text, NOW, BERLIN, "en") == Spoken(text, trouble=Trouble.NOTHING)
