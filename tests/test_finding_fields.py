"""Olga finds people by what she keeps about them in fields of her own, and by days as she says them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.search import days
from handlers import language
from handlers.buttons.search import SearchField
from handlers.language import speaking
from handlers.screens import filters
from handlers.screens.filters import split
from storage.fields import CustomField
from tests.people import Someone
from tests.test_fields import fills, makes

NOW = datetime(2026, 11, 25, 14, 3, tzinfo=UTC)  # a Wednesday
MADE = datetime(2026, 1, 1, tzinfo=UTC)
BUDGET, SOURCE, VIP, FROM = (
    CustomField(name=name, kind=kind, place=1, made_at=MADE)
    for name, kind in (("Budget", "money"), ("Lead source", "text"), ("VIP", "yesno"), ("From", "text"))
)


async def two_clients(olga: Someone, anna: Someone, chen: Someone) -> None:
    await anna.writes("tulip of Anna", to=olga)
    await chen.writes("tulip of Chen", to=olga)


async def test_messages_of_those_with_a_budget_above_a_sum(olga: Someone, anna: Someone, chen: Someone) -> None:
    await two_clients(olga, anna, chen)
    await makes(olga, "Money", "Budget")
    await fills(olga, "Budget", "1,500", "Anna")
    await fills(olga, "Budget", "1000", "Chen")
    for asked, found in {
        "budget:>1000": ["Anna"],
        "budget:>=1,000": ["Anna", "Chen"],
        "Budget:<1200": ["Chen"],
        "budget:1500": ["Anna"],
        "budget:900..1200": ["Chen"],
        "-budget:1500": ["Chen"],
        "budget:*": ["Anna", "Chen"],
        "budget:>$1": [],
    }.items():
        await olga.writes(f"tulip {asked}")
        assert [name for name in ("Anna", "Chen") if f"of {name}" in olga.screen] == found, asked
    await olga.writes("budget:>1000 tulip")
    assert "Budget > €1,000" in olga.screen
    await olga.writes("tulip budget:much")
    assert "left this filter aside" in olga.screen
    await olga.writes("tulip budget:>1000")
    await olga.presses("⭐ Keep")
    await olga.writes("Big ones")
    await olga.writes("/search")
    await olga.presses("⭐ Kept")
    await olga.presses("Big ones")
    assert "of Anna" in olga.screen
    assert "of Chen" not in olga.screen


async def test_text_choice_day_and_yes_or_no_are_filters_too(olga: Someone, anna: Someone, chen: Someone) -> None:
    await two_clients(olga, anna, chen)
    for kind, name in (("Text", "Lead source"), ("Date", "Birthday"), ("Yes or no", "VIP")):
        await makes(olga, kind, name)
    await fills(olga, "Lead source", "Café Berlin", "Anna")
    await fills(olga, "Birthday", "3 May 1984", "Anna")
    await olga.writes("/contacts")
    await olga.presses("Chen")
    await olga.presses("🗂 Fields")
    await olga.presses("VIP")
    await olga.presses("Yes")
    for asked, found in {
        "lead source:berlin": "Anna",
        'Lead_source:"cafe berlin"': "Anna",
        '"lead source":cafe': "Anna",
        "birthday:<1.1.1990": "Anna",
        'birthday:"3 May 1984"': "Anna",
        "vip:yes": "Chen",
        "VIP:ja": "",
    }.items():
        await olga.writes(f"tulip {asked}")
        names = [name for name in ("Anna", "Chen") if f"of {name}" in olga.screen]
        assert names == ([found] if found else ["Anna", "Chen"]), asked
    await olga.writes("tulip")
    await olga.presses("More…")
    await olga.presses("🗂 Fields")
    await olga.presses("VIP")
    await olga.presses("Yes")
    assert "VIP: yes" in olga.screen
    assert "of Anna" not in olga.screen


async def test_what_stands_in_a_field_finds_its_contact(olga: Someone, anna: Someone, chen: Someone) -> None:
    await two_clients(olga, anna, chen)
    await makes(olga, "Text", "Street")
    await fills(olga, "Street", "Rosenweg 5", "Anna")
    await olga.writes("rosenweg")
    assert "🙂" in olga.screen
    assert "Rosenweg 5" in olga.screen
    await fills(olga, "Street", "Tulpenallee 7", "Anna")
    await olga.writes("rosenweg")
    assert "Nothing" in olga.screen
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("🗂 Fields")
    await olga.presses("Street")
    await olga.presses("Empty it")
    await olga.writes("tulpenallee")
    assert "Nothing" in olga.screen


async def test_a_stranger_learns_nothing_of_fields(
    olga: Someone, anna: Someone, chen: Someone, mallory: Someone
) -> None:
    await two_clients(olga, anna, chen)
    await makes(olga, "Text", "Street")
    await fills(olga, "Street", "Rosenweg 5", "Anna")
    await olga.writes("rosenweg")
    await mallory.writes("street:rosenweg")
    assert "Rosenweg" not in mallory.screen
    answer = await mallory.presses_address(SearchField(id=1, field=1, choice=0).pack())
    assert answer is not None
    assert "not on this team" in answer.text


def test_names_of_several_words_and_names_that_are_taken() -> None:
    own = (BUDGET, SOURCE, VIP, FROM)
    line = split('lead source:web "from":here from:anna vip:YES budget:> 5 lamp', own, NOW)
    assert line.words.split() == ["lamp"]
    assert [(one.name, one.field, one.value) for one in line.said] == [
        ("field", "Lead source", "web"),
        ("field", "From", "here"),
        ("from", "", "anna"),
        ("field", "VIP", "yes"),
        ("field", "Budget", "> 5"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "day", "words"),
    [
        ("en", "before:yesterday lamp", (2026, 11, 24), "lamp"),
        ("en", "after:3 May lamp", (2026, 5, 3), "lamp"),
        ("en", "lamp on:friday", (2026, 11, 20), "lamp"),
        ("de", "after:1. mai lampe", (2026, 5, 1), "lampe"),
        ("de", "on:vorgestern", (2026, 11, 23), ""),
        ("es", "before:ayer", (2026, 11, 24), ""),
        ("fr", "before:1er mai", (2026, 5, 1), ""),
        ("it", "after:lunedì scarpe", (2026, 11, 23), "scarpe"),
        ("pl", "after:1 maja", (2026, 5, 1), ""),
        ("pt", "before:ontem", (2026, 11, 24), ""),
        ("uk", "after:позавчора", (2026, 11, 23), ""),
        ("ru", "до:3 мая лампа", (2026, 5, 3), "лампа"),
        ("ru", "после:вчера", (2026, 11, 24), ""),
        ("en", "after:2025 5 lamps", (2025, 1, 1), "5 lamps"),
    ],
)
def test_days_are_said_in_ones_own_words(language: str, text: str, day: tuple[int, int, int], words: str) -> None:
    with speaking(language):
        line = split(text, (), NOW)
        since, until = days.bounds(line.said[0].value, NOW, "UTC", language)
    assert line.words.strip() == words
    assert since == datetime(*day, tzinfo=UTC)
    assert until is not None
    assert until - since >= timedelta(days=1)


@pytest.mark.parametrize("code", language.languages())
def test_no_word_of_a_language_means_two_filters(code: str) -> None:
    english = set(filters.names())
    with speaking(code):
        words = {name: word.casefold() for name, word in filters.names().items()}
        assert len(set(words.values())) == len(words)
        for name, word in words.items():
            assert word in {name, *({word} - english)}, f"{word}: is {name}, and another one in English"
            assert split(f"{word}:x", (), NOW).said[0].name == split(f"{name}:x", (), NOW).said[0].name == name
        for name, ours in filters.values().items():
            shown = {one: value.casefold() for one, value in ours.items()}
            assert len(set(shown.values())) == len(shown), name
            for one, value in shown.items():
                assert value == one or value not in ours, f"{name}:{value} is {one}, and another one in English"


@given(st.text(max_size=80), st.sampled_from(["en", "ru"]))
def test_any_line_is_read_and_its_words_stay(text: str, code: str) -> None:
    with speaking(code):
        line = split(text, (BUDGET, SOURCE), NOW)
    assert all(word in text for word in line.words.split())
