"""Whatever Olga types, and however she spells it: a table of questions, each with what it must find and what not."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from crm import access, mirror, search
from crm.access import Desk as Seat
from crm.search import saved
from crm.search.levels import Place
from crm.search.shown import Found
from crm.seen import Peer, Seen, Source
from handlers.buttons.search import DeleteSearch, KeptSearch, KeptSearches, OpenSearch, RenameSearch, ShareSearch
from handlers.buttons.tags import NewTagOn
from storage import vocabulary
from storage.accounts import Account
from tests.people import OLGA, Desk, Someone

TABLE: dict[str, Any] = tomllib.loads((Path(__file__).parent / "queries.toml").read_text())
NAMES = {text: name for name, text in TABLE["texts"].items()}
PHONE = "+79160000000"  # Olga's own: what a phone without its country is read by


@asynccontextmanager
async def at_the_desk(desk: Desk) -> AsyncIterator[Seat]:
    async with access.enter(desk.app.installation, OLGA, 1) as seat:
        yield seat


async def keep(desk: Desk, texts: dict[str, str]) -> None:
    """Each text as a message of somebody who speaks its language."""
    languages = sorted({name[:2] for name in texts})
    said = [
        Seen(
            *(Source.BUSINESS, OLGA, Peer(who := 77 + languages.index(name[:2]), "Q", language=name[:2]), number, who),
            outgoing=False,
            sent_at=desk.world.clock.now(),
            text=text,
        )
        for number, (name, text) in enumerate(texts.items(), 1)
    ]
    async with at_the_desk(desk) as seat, seat.transaction() as session:
        await mirror.record(session, said, heard_at=desk.world.clock.now())


async def everything_found(seat: Seat, words: str) -> list[Found]:
    number = await search.begin(seat, words)
    found: list[Found] = []
    start = Place()
    while True:
        page = await search.results(seat, number, start)
        found += page.found
        if page.onward is None:
            return found
        start = page.onward


async def amiss(desk: Desk) -> list[str]:
    wrong = []
    async with at_the_desk(desk) as seat:
        for query, wanted in TABLE["queries"].items():
            found = {NAMES[one.message.text] for one in await everything_found(seat, query) if one.message}
            must = {name for name in wanted if not name.startswith("-")}
            must_not = {name[1:] for name in wanted if name.startswith("-")}
            if must - found or must_not & found:
                wrong.append(f"{query}: lacks {must - found}, has {must_not & found}")
    return wrong


@pytest.mark.parametrize("taken_in", [False, True], ids=["just heard", "taken in"])
async def test_every_question_finds_what_it_must_and_nothing_that_it_must_not(
    desk: Desk, olga: Someone, *, taken_in: bool
) -> None:
    await olga.writes("/start")
    async with at_the_desk(desk) as seat, seat.transaction() as session:
        account = await session.get(Account, OLGA)
        assert account is not None
        account.phone = PHONE
        session.add(account)
    await keep(desk, TABLE["texts"])
    if taken_in:
        async with at_the_desk(desk) as seat, seat.transaction() as session:
            while await vocabulary.digest(session):
                pass
    assert len(TABLE["queries"]) >= 120
    assert not await amiss(desk)


async def test_hits_that_are_only_similar_come_behind_and_say_so(olga: Someone, anna: Someone) -> None:
    await anna.writes("The delivery of the lamp", to=olga)
    await anna.writes("We sell lamps", to=olga)
    await olga.writes('"lamp"')
    assert "The delivery" in olga.screen
    assert "We sell" not in olga.screen
    await olga.writes("lamps")
    assert (
        olga.screen.index("We sell lamps")
        < olga.screen.index("In other forms and longer words:")
        < olga.screen.index("The delivery")
    )
    await olga.writes("delivrey")
    assert "Nothing exactly like this. Similar:" in olga.screen
    assert [one.type for one in olga.newest.entities].count("bold") == 3  # question, name, word
    await olga.writes("deliveries")
    assert "Nothing exactly like this. In other forms and longer words:" in olga.screen


async def test_many_similar_hits_never_drown_what_was_typed(olga: Someone, anna: Someone) -> None:
    await anna.writes("organ, the one and only", to=olga)
    for place in range(30):
        await anna.writes(f"organs {place:02}", to=olga)
    await olga.writes('"organ" one')
    assert "①" in olga.buttons
    await olga.writes("organ only")
    assert "the one and only" in olga.screen
    await olga.writes("organs")
    seen = olga.screen
    while "Older ›" in olga.buttons:
        await olga.presses("Older")
        seen += olga.screen
    assert all(seen.count(f"organs {place:02}") == 1 for place in range(30))
    assert seen.index("organs 00") < seen.index("In other forms and longer words:") < seen.index("the one and only")


async def test_parts_of_words_are_switched_off_and_on_again(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Pick it up at warehouse42", to=olga)
    await desk.app.schedule.run("new words")
    await olga.writes("house42")
    assert "warehouse42" in olga.screen
    await olga.writes("/settings")
    await olga.presses("Searching")
    assert "misspelt words: found" in olga.screen
    await olga.presses("Stop finding them")
    assert "not found" in olga.screen
    await olga.writes("house42")
    assert "Nothing found" in olga.screen
    await olga.writes("/settings")
    await olga.presses("Searching")
    await olga.presses("Find them")
    await desk.app.jobs.idle.wait()
    assert "Done" in olga.screen
    await olga.writes("house42")
    assert "warehouse42" in olga.screen


async def test_words_that_were_erased_are_forgotten(desk: Desk, olga: Someone, anna: Someone) -> None:
    await olga.writes("/settings")
    await olga.presses("Erase deleted messages")
    secret = await anna.writes("my zebra", to=olga)
    await anna.writes("my zoo", to=olga)
    await anna.deletes(secret)
    await desk.app.schedule.run("new words")
    await desk.app.schedule.run("erased words")
    async with desk.vault() as session:
        words = set(await session.exec(select(vocabulary.Word.word)))
    assert "zoo" in words
    assert "zebra" not in words


async def test_filters_are_typed_and_are_then_the_buttons_of_the_search(
    desk: Desk, olga: Someone, anna: Someone, chen: Someone
) -> None:
    await anna.writes("a tulip from Anna", to=olga)
    await olga.writes("a tulip for Anna", to=anna)
    await chen.writes("a tulip from Chen", to=olga)
    photo = desk.world.store_file(b"\xff\xd8 tulip", "photo", mime="image/jpeg", width=6, height=4)
    await anna.writes("a tulip in a picture", to=olga, file=photo)
    await olga.writes("/start")
    await olga.presses_address(NewTagOn(on="contact", id=1).pack())
    await olga.writes("big client")
    await olga.writes("tulip with:anna")
    assert "from Chen" not in olga.screen
    assert "for Anna" in olga.screen
    await olga.writes("tulip from:anna")
    assert "for Anna" not in olga.screen
    assert "from Anna" in olga.screen
    assert "• Their words" in olga.buttons
    await olga.writes("from:me tulip")
    assert "for Anna" in olga.screen
    assert "from Anna" not in olga.screen
    await olga.writes('tag:"big client" has:photo')
    assert "in a picture" in olga.screen
    assert "②" not in olga.buttons
    assert "• big client" in olga.buttons
    await olga.presses("• Photos and videos")
    await olga.presses("Everything")
    assert "for Anna" in olga.screen
    await olga.writes("tulip -tag:big")
    assert "from Chen" in olga.screen
    assert "from Anna" not in olga.screen
    assert "without" in olga.screen
    await olga.writes("tulip is:waiting after:today")
    assert "• Waiting" in olga.buttons
    assert "from Chen" in olga.screen
    await olga.writes("tulip before:yesterday")
    assert "Nothing here" in olga.screen
    await olga.presses("Without filters")
    assert "from Chen" in olga.screen


async def test_filters_are_typed_in_ones_own_language_too(olga: Someone, anna: Someone, chen: Someone) -> None:
    await anna.writes("тюльпан", to=olga)
    await chen.writes("тюльпан от Чена", to=olga)
    await olga.writes("/language")
    await olga.presses("Русский")
    for filters in ("от:anna", "from:anna"):
        await olga.writes(f"тюльпан {filters} после:сегодня")
        assert "Чена" not in olga.screen
        assert "①" in olga.buttons
    await olga.writes("после:никогда")
    assert "ничего такого нет" in olga.screen
    assert "после:вчера" in olga.screen


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("tulip tag:zebra", "Possible: tag:regular"),
        ("tulip is:sleepy", "is:waiting"),
        ("tulip has:horse", "has:photo"),
        ("tulip from:zzzzzz", "there is nothing of this name"),
        ("tulip from:ana", "Possible: from:Anna"),
        ("tulip after:someday", "after:today"),
        ("tulip colour:red", "is no filter I know"),
        ("tulip -from:anna", "only tags can be left out"),
        ("tulip stage:nowhere", "stage:"),
        ("tulip in:nowhere", "in:Olga"),
    ],
)
async def test_what_is_no_filter_or_no_value_is_said_with_what_there_is(
    olga: Someone, anna: Someone, typed: str, told: str
) -> None:
    await anna.writes("a red tulip", to=olga)
    await olga.writes("/start")
    await olga.presses_address(NewTagOn(on="contact", id=1).pack())
    await olga.writes("regular")
    await olga.writes(typed)
    assert told in olga.screen.replace("\u2068", "").replace("\u2069", "")


async def test_a_link_is_no_filter(olga: Someone, anna: Someone) -> None:
    await anna.writes("See https://shop.example.com/tulips", to=olga)
    await olga.writes("https://shop.example.com")
    assert "tulips" in olga.screen
    assert "ℹ️" not in olga.screen


async def test_more_filters_are_pressed_and_let_go_again(olga: Someone, anna: Someone, chen: Someone) -> None:
    await anna.writes("a tulip from Anna", to=olga)
    await chen.writes("a tulip from Chen", to=olga)
    await olga.writes("Here you are", to=anna)
    await olga.writes("tulip")
    await olga.presses("More…")
    await olga.presses("Waiting")
    await olga.presses("Back")
    assert "from Anna" not in olga.screen
    assert "from Chen" in olga.screen
    await olga.presses("• Waiting")
    await olga.presses("• Waiting")
    await olga.presses("Back")
    assert "from Anna" in olga.screen


async def test_a_search_is_kept_shared_renamed_deleted_and_brought_back(
    olga: Someone, anna: Someone, chen: Someone, vera: Someone
) -> None:
    await anna.writes("a tulip from Anna", to=olga)
    await chen.writes("a tulip from Chen", to=olga)
    await olga.writes("/waiting")
    await olga.presses("⭐ Kept")
    assert "Nothing is kept yet" in olga.screen
    await olga.writes("tulip with:anna")
    await olga.presses("⭐ Keep")
    await olga.writes("Anna's tulips")
    assert "Only you can use it" in olga.screen
    await vera.writes("/start")
    await vera.presses_address(KeptSearches().pack())
    assert "Anna's tulips" not in vera.buttons
    await olga.presses("Share with the team")
    await vera.presses_address(KeptSearches().pack())
    await vera.presses("Anna's tulips")
    assert "from Anna" in vera.screen
    assert "from Chen" not in vera.screen
    await olga.presses("Rename")
    await olga.writes("Tulips of Anna")
    await olga.presses("Delete")
    assert "is deleted" in olga.screen
    await vera.presses_address(KeptSearches().pack())
    assert "Anna" not in "".join(vera.buttons)
    await olga.presses("Bring it back")
    await olga.presses("Look")
    assert "from Anna" in olga.screen
    await olga.presses("Without filters")
    await olga.writes("/waiting")
    await olga.presses("⭐ Kept")
    await olga.presses("Tulips of Anna")
    assert "from Chen" not in olga.screen


async def test_nobody_changes_or_sees_what_another_keeps_for_himself(
    desk: Desk, olga: Someone, anna: Someone, vera: Someone, mallory: Someone
) -> None:
    await anna.writes("a secret tulip", to=olga)
    await olga.writes("tulip")
    await olga.presses("⭐ Keep")
    await olga.writes("Secret")
    async with at_the_desk(desk) as seat:
        (kept,) = (await saved.listing(seat)).items
    number = kept.row.id or 0
    await vera.writes("/start")
    await mallory.writes("/start")
    for address in (
        *(OpenSearch(id=number), KeptSearch(id=number), RenameSearch(id=number)),
        *(ShareSearch(id=number, on=True), DeleteSearch(id=number, on=True)),
    ):
        await vera.presses_address(address.pack())
        assert "ecret" not in vera.screen
        await mallory.presses_address(address.pack())
        assert "ecret" not in mallory.screen
    await olga.presses_address(OpenSearch(id=number).pack())
    assert "a secret tulip" in olga.screen


async def test_hits_stand_together_by_contact_and_lead_from_one_to_the_next(
    olga: Someone, anna: Someone, chen: Someone
) -> None:
    for place in range(3):
        await anna.writes(f"tulip {place}", to=olga)
        for other in range(10):
            await anna.writes(f"something else {place}{other}", to=olga)
        await chen.writes("tulips, please", to=olga)
    await olga.writes("tulip with:anna")
    assert olga.screen.count("Anna") == 2  # the filter, and above the three
    await olga.presses("②")
    assert "tulip 1" in olga.screen
    await olga.presses("Next hit ›")
    assert "tulip 2" in olga.screen
    assert "Next hit ›" not in olga.buttons
    await olga.presses("‹ Hit before")
    await olga.presses("‹ Hit before")
    assert "tulip 0" in olga.screen
    assert "‹ Hit before" not in olga.buttons
    await olga.presses("What was found")
    assert "tulip 1" in olga.screen
