"""Olga finds again what was said, written down, and by whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import mirror
from crm.errors import Invalid
from crm.seen import Peer, Seen, Source
from crm.spans import Span, last_days, typed
from handlers.buttons.search import SearchDates, SearchKind, SearchPage, SearchPerson, SearchTag, SearchWords
from handlers.language import speaking
from handlers.screens.days import in_numbers
from handlers.screens.formatted import visible
from handlers.search.results import LEAD, SNIPPET, marked
from storage.search_question import read
from storage.search_text import Phrase, highlight
from tests.people import Desk, Someone


async def test_any_text_is_a_question_and_the_hit_leads_to_the_conversation(olga: Someone, anna: Someone) -> None:
    for place in range(20):
        await anna.writes(f"hello number {place}", to=olga)
    await anna.writes("Do you have yellow TULIPS for Sunday?", to=olga)
    for place in range(20):
        await anna.writes(f"and number {place}", to=olga)
    await olga.writes("tulip")
    assert "yellow TULIPS for Sunday" in olga.screen
    bold = [
        olga.newest.text.encode("utf-16-le")[2 * e.offset : 2 * (e.offset + e.length)] for e in olga.newest.entities
    ]
    assert "TULIPS".encode("utf-16-le") in bold
    await olga.presses("①")
    assert "Do you have yellow TULIPS" in olga.screen
    assert "👉" in olga.screen
    assert "‹ Older" in olga.buttons
    assert "Newer ›" in olga.buttons
    await olga.presses("What was found")
    assert "yellow TULIPS" in olga.screen


async def test_the_search_asks_and_finds_notes_and_people_too(olga: Someone, anna: Someone, chen: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await chen.writes("你好，我要玫瑰", to=olga)
    await olga.writes("/contacts")
    await olga.presses("Chen")
    await olga.presses("Write a note")
    await olga.writes("Speaks with Anna on Mondays")
    await olga.writes("/search")
    assert "What are you looking for?" in olga.screen
    await olga.writes("anna")
    assert "📝 Note on" in olga.screen
    assert "🙂" in olga.screen
    await olga.presses("Kind")
    await olga.presses("People")
    assert "📝 Note on" not in olga.screen
    await olga.presses("①")
    assert "@" in olga.screen
    await olga.writes("/search 玫瑰")
    assert "玫瑰" in olga.screen
    assert "①" in olga.buttons


async def test_a_note_that_was_found_leads_back_to_what_was_found(olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("Write a note")
    await olga.writes("tulips " * 560)
    assert "‹ What was found" not in olga.buttons
    await olga.writes("tulips")
    await olga.presses("①")
    await olga.presses("›")
    await olga.presses("‹ What was found")
    assert "🔎" in olga.screen


async def test_nothing_found_helps_on(olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes("<b>zeppelin\u202e</b> & more")
    assert "<b>zeppelin</b> & more" in olga.screen
    assert "Nothing found" in olga.screen
    await olga.presses("Kind")
    await olga.presses("Documents")
    assert "Try without the filters" in olga.screen
    await olga.presses("Without filters")
    assert "Nothing found" in olga.screen
    await olga.presses("Other words")
    await olga.writes("hello")
    assert "①" in olga.buttons


@pytest.mark.parametrize(
    "text", ['"', '"" AND', "NEAR(a b)", "a* OR *", "-", "(((", "{body}:x", "🌷", ".", "' OR 1=1 --"]
)
async def test_no_question_is_an_error(olga: Someone, text: str) -> None:
    await olga.writes(text)
    assert "🔎" in olga.screen
    assert "Other words" in olga.buttons


async def test_results_have_pages(olga: Someone, anna: Someone) -> None:
    for place in range(20):
        await anna.writes(f"tulip {place:02}", to=olga)
    await olga.writes("tulip")
    seen = olga.screen
    while "Older ›" in olga.buttons:
        await olga.presses("Older")
        seen += olga.screen
    assert all(seen.count(f"tulip {place:02}") == 1 for place in range(20))
    assert seen.index("tulip 19") < seen.index("tulip 00")
    await olga.presses("Newest")
    assert "tulip 19" in olga.screen


async def test_filters_by_person_tag_and_kind(desk: Desk, olga: Someone, anna: Someone, chen: Someone) -> None:
    await anna.writes("tulip from Anna https://tulips.example.org", to=olga)
    await chen.writes("tulip from Chen", to=olga)
    photo = desk.world.store_file(b"\xff\xd8 tulip", "photo", mime="image/jpeg", width=6, height=4)
    await chen.writes("tulip in a picture", to=olga, file=photo)
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("Tags")
    await olga.presses("New tag")
    await olga.writes("regular")
    await olga.writes("tulip")
    assert olga.screen.count("tulip") == 5
    await olga.presses("Tag")
    await olga.presses("regular")
    assert "from Anna" in olga.screen
    assert "from Chen" not in olga.screen
    await olga.presses("• regular")
    await olga.presses("Any tag")
    await olga.presses("Person")
    await olga.presses("Chen")
    assert "from Anna" not in olga.screen
    assert "in a picture" in olga.screen
    await olga.presses("Kind")
    await olga.presses("Photos")
    assert "from Chen" not in olga.screen
    assert "in a picture" in olga.screen
    await olga.presses("Without filters")
    await olga.presses("Kind")
    await olga.presses("Links")
    assert "from Anna" in olga.screen
    assert "from Chen" not in olga.screen


async def test_a_link_is_found_among_thousands_of_hits_without_one(desk: Desk, olga: Someone, anna: Someone) -> None:
    tulips = [
        Seen(
            *(Source.BUSINESS, olga.id, Peer(anna.id, "Anna"), number, anna.id),
            outgoing=False,
            sent_at=desk.world.clock.now() + timedelta(seconds=number),
            text=f"tulip {number}",
            entities=[{"type": "url", "offset": 0, "length": 5}] if number == 1 else [],
        )
        for number in range(1, 2200)
    ]
    async with desk.app.installation.vaults.open(1) as vault, vault.transaction() as session:
        await mirror.record(session, tulips, heard_at=desk.world.clock.now())
    await olga.writes("tulip")
    await olga.presses("Kind")
    await olga.presses("Links")
    assert "tulip 1" in olga.screen
    assert "①" in olga.buttons
    await olga.presses("Other words")
    await olga.presses("Show everything")
    assert "tulip 1" in olga.screen
    assert "②" not in olga.buttons


async def test_filters_by_date(desk: Desk, olga: Someone, anna: Someone) -> None:
    first = desk.world.clock.now()
    await anna.writes("an old tulip", to=olga)
    desk.world.clock.advance(timedelta(days=20))
    await anna.writes("a new tulip", to=olga)
    await olga.writes("tulip")
    await olga.presses("Dates")
    await olga.presses("7 days")
    assert "an old tulip" not in olga.screen
    assert "a new tulip" in olga.screen
    await olga.presses("• 7 days")
    await olga.presses("From – to…")
    await olga.writes("some day in May")
    assert "did not understand" in olga.screen
    await olga.writes(f"{first:%d.%m.%Y} - {first:%Y-%m-%d}")
    assert "an old tulip" in olga.screen
    assert "a new tulip" not in olga.screen


async def test_within_one_person_and_without_words(desk: Desk, olga: Someone, anna: Someone, chen: Someone) -> None:
    await chen.writes("tulip", to=olga)
    await anna.writes("tulip", to=olga)
    for place in range(12):
        await anna.writes(file=desk.world.store_file(b"x" * place, name=f"order {place}.pdf"), to=olga)
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("🔎 Search")
    await olga.writes("tulip")
    assert "②" not in olga.buttons
    await olga.presses("Other words")
    await olga.writes(".")
    assert "Nothing" in olga.screen
    await olga.presses("Kind")
    await olga.presses("Documents")
    await olga.presses("Other words")
    await olga.presses("Show everything")
    assert "order 11.pdf" in olga.screen
    await olga.presses("Older")
    assert "order 0.pdf" in olga.screen


async def test_a_search_outlives_a_restart(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("a tulip", to=olga)
    await olga.writes("tulip")
    await desk.stop()
    await desk.start()
    await olga.presses("Dates")
    await olga.presses("Today")
    assert "a tulip" in olga.screen
    await olga.presses("①")
    assert "👉①" in olga.screen


async def test_a_search_that_is_too_old_says_so(olga: Someone, boris: Someone, anna: Someone) -> None:
    await anna.writes("a tulip", to=olga)
    await olga.writes("tulip")
    await boris.writes("/start")
    for someone, number in ((olga, 99), (boris, 1)):
        for address in (
            *(SearchPage(id=number), SearchKind(id=number), SearchDates(id=number, span="typed")),
            *(SearchTag(id=number), SearchPerson(id=number, contact=1), SearchWords(id=number)),
        ):
            await someone.presses_address(address.pack())
            assert "too old" in someone.screen


async def test_days_are_typed_and_one_that_is_none_is_asked_for_again(olga: Someone, anna: Someone) -> None:
    await anna.writes("a tulip", to=olga)
    await olga.writes("tulip")
    await olga.presses("Dates")
    await olga.presses("From – to")
    for words in ("0001-01-01", "31.12.9999", "next year"):
        await olga.writes(words)
        assert "I did not understand these days" in olga.screen
    await olga.writes("3 May 2019")
    assert "Only: May 3, 2019\n" in olga.screen
    assert "Nothing here" in olga.screen
    await olga.presses("Without filters")
    assert "a tulip" in olga.screen


async def test_forged_filters_are_answered(olga: Someone, anna: Someone) -> None:
    await anna.writes("a tulip", to=olga)
    await olga.writes("tulip")
    for address in (
        *(SearchPage(id=1, before=-5), SearchPage(id=1, before=2**62), SearchKind(id=1, kind="spaceship")),
        *(SearchDates(id=1, span="aeon"), SearchTag(id=1, tag=77), SearchPerson(id=1, contact=77)),
    ):
        await olga.presses_address(address.pack())
        assert "tulip" in olga.screen


async def test_a_stranger_finds_nothing(olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.writes("a secret tulip", to=olga)
    await olga.writes("tulip")
    for text in ("/search tulip", "tulip", "/search"):
        await mallory.writes(text)
        assert "secret" not in mallory.screen
    answer = await mallory.presses_address(SearchPage(id=1).pack())
    assert answer is not None
    assert "not on this team" in answer.text


@given(st.text(max_size=400), st.text(max_size=20))
def test_a_snippet_is_short_whatever_is_looked_for(text: str, words: str) -> None:
    assert visible(marked(text, read(words).phrases)) <= 2 * SNIPPET + 2


def test_a_question_of_many_words_walks_through_a_text_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0
    starts_at = Phrase.starts_at

    def counted(phrase: Phrase, words: list[str], place: int) -> bool:
        nonlocal looks
        looks += 1
        return starts_at(phrase, words, place)

    monkeypatch.setattr(Phrase, "starts_at", counted)
    text = " ".join("abcdefgh" * 250)
    spans = highlight(text, read(" ".join("abcdefghijklmnopqrst" * 5)).phrases)
    assert spans == [(0, len(text))]
    assert looks <= len(text.split())


def test_a_snippet_shows_the_word_in_its_surroundings() -> None:
    text = "once upon a time " * 20 + "there was a TULIP" + " and so on" * 40
    shown = marked(text, read("tulip").phrases)
    assert "there was a <b>TULIP</b> and so on" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert shown.index("<b>") <= LEAD + 1


REFUSED = ("last week", "1 – 31 May 2026", "3.5.2026 at 10", "30 February", "0.0.0", "2026", "31.2.")
NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)


def test_today_begins_at_midnight_of_the_workspace() -> None:
    assert last_days(Span.TODAY, NOW, "UTC")[0] == datetime(2026, 3, 10, tzinfo=UTC)
    assert last_days(Span.TODAY, NOW, "America/New_York")[0] == datetime(2026, 3, 9, 4, tzinfo=UTC)
    assert last_days(Span.WEEK, NOW, "UTC")[0] == datetime(2026, 3, 4, tzinfo=UTC)
    assert last_days(Span.ALL, NOW, "UTC") == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        *("1.5.2026 – 31.5.2026", "31/5/2026 1-5-2026", "2026-05-01..2026-05-31", "1.5. – 31.5.2026", "1.5.26-31.5.26"),
        *("1 May 2026 – 31 May 2026", "May 1st, 2026 - May 31st, 2026", "from 1 May until 31 May 2026"),
    ],
)
def test_days_are_understood_as_people_write_them(text: str) -> None:
    bounds = typed(in_numbers(text), NOW, "UTC")
    assert bounds == (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("language", "text", "first", "last"),
    [
        ("en", "3 May", (2025, 5, 3), (2025, 5, 3)),  # the last one there was
        ("en", "Feb 28", (2026, 2, 28), (2026, 2, 28)),
        ("en", "29.2.", (2024, 2, 29), (2024, 2, 29)),
        ("en", "20 December – 5 January", (2025, 12, 20), (2026, 1, 5)),
        ("en", "1 March - 31 March", (2026, 3, 1), (2026, 3, 31)),
        ("en", "03.05.2019", (2019, 5, 3), (2019, 5, 3)),
        ("ru", "3 мая 2019 г.", (2019, 5, 3), (2019, 5, 3)),
        ("ru", "1 янв. – 5 марта", (2026, 1, 1), (2026, 3, 5)),
        ("uk", "3 травня 2019 р.", (2019, 5, 3), (2019, 5, 3)),
        ("pl", "3 maja 2019", (2019, 5, 3), (2019, 5, 3)),
        ("de", "3. Mai 2019", (2019, 5, 3), (2019, 5, 3)),
        ("es", "3 de mayo de 2019", (2019, 5, 3), (2019, 5, 3)),
        ("pt", "3 de maio de 2019 - 5 de maio de 2019", (2019, 5, 3), (2019, 5, 5)),
        ("fr", "1er mars 2019", (2019, 3, 1), (2019, 3, 1)),
        ("it", "1º marzo 2019", (2019, 3, 1), (2019, 3, 1)),
    ],
)
def test_a_month_may_be_a_word_and_the_year_left_out(
    language: str, text: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    with speaking(language):
        since, until = typed(in_numbers(text), NOW, "UTC")
    assert since == datetime(*first, tzinfo=UTC)
    assert until == datetime(*last, tzinfo=UTC) + timedelta(days=1)


@pytest.mark.parametrize(
    "text", ["", "May", "31.2.2026", "1.1.2026 2.1.2026 3.1.2026", "31.12.9999", "0001-01-01", *REFUSED]
)
def test_days_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        typed(text, NOW, "UTC")


@given(st.text() | st.text(alphabet="0123456789.-/ –", max_size=24))
def test_any_text_is_read_as_days_in_their_order_or_refused(text: str) -> None:
    try:
        since, until = typed(text, NOW, "Europe/Berlin")
    except Invalid:
        return
    assert since is not None
    assert until is not None
    assert since < until
    assert {since.tzinfo, until.tzinfo} == {UTC}
