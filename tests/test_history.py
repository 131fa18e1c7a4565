"""Olga reads what was said: every message, every text it had, and what was deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.history import Line, Stretch, Talk
from handlers.buttons.history import Calendar, History, MessageCard
from handlers.history.page import MOST, fitted
from handlers.screens import LIMIT
from handlers.screens.formatted import units, visible
from sandbox.world.messages import Entity
from storage.accounts import Account
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.media import Media
from storage.messages import Message
from tests.people import Desk, Someone

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


async def open_history(someone: Someone, name: str = "Anna") -> None:
    await someone.writes("/contacts")
    await someone.presses(name)
    await someone.presses("Conversation")


async def test_a_conversation_is_read_in_pages_to_its_beginning_and_back(olga: Someone, anna: Someone) -> None:
    for place in range(25):
        await anna.writes(f"message {place:02}", to=olga)
    await open_history(olga)
    assert "message 24" in olga.screen
    assert "message 15" in olga.screen
    assert "message 14" not in olga.screen
    await olga.presses("Older")
    assert "message 14" in olga.screen
    assert "message 05" in olga.screen
    await olga.presses("First")
    assert "message 00" in olga.screen
    assert "‹ Older" not in olga.buttons
    await olga.presses("Newer")
    assert "message 10" in olga.screen
    assert "message 19" in olga.screen
    await olga.presses("Last »")
    assert "message 24" in olga.screen
    assert "Last »" not in olga.buttons


async def test_an_edited_message_shows_every_text_that_it_had(desk: Desk, olga: Someone, anna: Someone) -> None:
    order = await anna.writes("Ten roses", to=olga)
    desk.world.clock.advance(timedelta(minutes=1))
    await anna.edits(order, "Twelve roses")
    desk.world.clock.advance(timedelta(minutes=1))
    await anna.edits(order, "Twenty roses")
    await open_history(olga)
    assert "Twenty roses" in olga.screen
    assert "✏️ edited" in olga.screen
    await olga.presses("①")
    assert "Text 3 of 3" in olga.screen
    await olga.presses("Earlier text")
    assert "Twelve roses" in olga.screen
    await olga.presses("Earlier text")
    assert "Ten roses" in olga.screen
    assert "Text 1 of 3" in olga.screen
    await olga.presses("Later text")
    assert "Twelve roses" in olga.screen
    await olga.presses("Back")
    assert "👉①" in olga.screen


async def test_an_edit_that_changes_no_word_is_no_other_text(desk: Desk, olga: Someone, anna: Someone) -> None:
    order = await anna.writes("Ten roses", to=olga)
    desk.world.clock.advance(timedelta(minutes=1))
    await anna.edits(order, "Twelve roses")
    desk.world.clock.advance(timedelta(minutes=1))
    picture = desk.world.store_file(b"%PDF-1.7 roses", "document", name="roses.pdf", mime="application/pdf")
    desk.world.edit(order.uid, file=picture, by=anna.id)
    await desk.settled()
    await open_history(olga)
    await olga.presses("①")
    assert "Text 2 of 2" in olga.screen


async def test_a_deleted_message_stays_readable_with_the_time(olga: Someone, anna: Someone) -> None:
    promise = await anna.writes("I will pay tomorrow", to=olga)
    await anna.deletes(promise)
    await open_history(olga)
    assert "I will pay tomorrow" in olga.screen
    assert "🗑 deleted" in olga.screen
    await olga.presses("①")
    assert "I will pay tomorrow" in olga.screen
    assert "Open in Telegram" not in olga.buttons  # there is nothing to open any more


async def test_an_answer_quotes_what_it_answers(desk: Desk, olga: Someone, anna: Someone) -> None:
    question = await anna.writes("Do you have tulips?", to=olga)
    desk.world.send(olga.id, anna.id, "Yes, yellow", reply_to=question.uid)
    await desk.settled()
    await open_history(olga)
    assert "↩️ 👤 Do you have tulips?" in olga.screen
    await olga.presses("②")
    await olga.presses("The answered message")
    assert "Do you have tulips?" in olga.screen


async def test_an_album_stands_together(desk: Desk, olga: Someone, anna: Someone) -> None:
    album = desk.world.new_album()
    for place in range(3):
        photo = desk.world.store_file(b"\xff\xd8 picture", "photo", name=None, mime="image/jpeg", width=640, height=480)
        text = "the hall" if not place else ""
        desk.world.send(anna.id, olga.id, text, file=photo, album_id=album)
    await desk.settled()
    await open_history(olga)
    assert olga.screen.count("👤") == 1
    assert olga.screen.count("640×480") == 3
    assert {"⬇ 🖼 ①", "⬇ 🖼 ②", "⬇ 🖼 ③"} <= set(olga.buttons)


async def test_a_very_long_message_is_shortened_on_the_page_and_whole_on_its_own(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    words = " ".join(f"word{place}" for place in range(1200))
    desk.world.send(anna.id, olga.id, words)
    await desk.settled()
    await open_history(olga)
    assert "more characters" in olga.screen
    await olga.presses("①")
    read = olga.screen.split("\n\n", 1)[1]
    while "›" in olga.buttons:
        await olga.presses("›")
        read += " " + olga.screen.split("\n\n", 1)[1]
    assert read.split() == words.split()


async def test_a_day_is_found_in_the_calendar(desk: Desk, olga: Someone, anna: Someone) -> None:
    start = desk.world.clock.now()
    await anna.writes("on the first day", to=olga)
    desk.world.clock.advance(timedelta(days=40))
    await anna.writes("much later", to=olga)
    await open_history(olga)
    await olga.presses("Date")
    if start.year != desk.world.clock.now().year:
        await olga.presses("‹")
    await olga.presses(f"{start:%b}")
    await olga.presses(f"{start.day} (1)")
    assert "👉① 👤" in olga.screen
    assert "on the first day" in olga.screen


async def test_formatting_is_kept_and_hostile_text_stays_text(desk: Desk, olga: Someone, anna: Someone) -> None:
    desk.world.send(anna.id, olga.id, "🌷 bold <script>", entities=[Entity("bold", 3, 4)])
    await desk.settled()
    await open_history(olga)
    assert "🌷 bold <script>" in olga.screen
    at = units(olga.newest.text[: olga.newest.text.index("bold")])
    assert Entity("bold", at, 4) in olga.newest.entities


async def test_stale_and_forged_buttons_are_answered(olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await open_history(olga)
    await olga.presses_address("hi:99999999999999999999999:0:0:0:0")
    assert "older screen" in olga.screen
    for address in (History(id=99), MessageCard(id=99), Calendar(id=99)):
        answer = await olga.presses_address(address.pack())
        assert answer is not None
        assert "not there any more" in answer.text
    for address in (
        *(History(id=1, focus=10**9), History(id=1, before=-5), History(id=1, after=10**9)),
        *(MessageCard(id=1, text=77, part=-3), Calendar(id=1, year=-4), Calendar(id=1, year=99999, month=77)),
    ):
        await olga.presses_address(address.pack())
        assert "Anna" in olga.screen


async def test_a_stranger_reads_nothing(olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.writes("My card number is 4111", to=olga)
    await mallory.writes("/start")
    for address in (History(id=1), MessageCard(id=1), Calendar(id=1)):
        answer = await mallory.presses_address(address.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    assert "4111" not in "".join(message.text for message in mallory.chat)


WORDS = st.text(st.one_of(st.sampled_from("ab <>&\n🦊"), st.characters(exclude_categories=["Cs"])), max_size=1500)
FACTS = st.fixed_dictionaries(
    {
        "text": WORDS,
        "outgoing": st.booleans(),
        "edited_at": st.none() | st.just(NOON + timedelta(days=1)),
        "deleted_at": st.none() | st.just(NOON + timedelta(days=2)),
        "album_id": st.none() | st.just("1"),
        "kind": st.sampled_from(["text", "photo", "contact", "location", "service", "unheard_of"]),
        "extra": st.sampled_from([{}, {"forward": {"name": "<b>" * 90}}, {"contact": {"first_name": "&" * 80}}]),
    }
)


def stretch_of(rows: list[dict[str, Any]]) -> Stretch:
    talk = Talk(
        Conversation(id=1, contact_id=1, account_id=1),
        Contact(id=1, telegram_id=2, first_name="Anna", name_key="anna", first_seen_at=NOON),
        Account(id=1, first_name="Olga", connected_at=NOON),
        [],
    )
    lines: list[Line] = []
    for number, facts in enumerate(rows, 1):
        message = Message(
            id=number, message_id=number, conversation_id=1, account_id=1, peer_id=2, sender_id=2,
            sent_at=NOON + timedelta(hours=5 * number), **facts,
        )  # fmt: skip
        media = Media(message=number, kind="photo", name="n" * 200, size=10**9) if facts["kind"] == "photo" else None
        lines.append(Line(message, media, 0, lines[-1].message if lines else None))
    return Stretch(talk, lines, older=False, newer=False)


@settings(max_examples=60)
@given(st.lists(FACTS, min_size=1, max_size=24), st.integers(0, 30), st.booleans())
def test_whatever_was_written_a_page_of_it_fits(rows: list[dict[str, Any]], focus: int, from_start: bool) -> None:
    page = fitted(stretch_of(rows), room=900, focus=focus, from_start=from_start)
    assert visible(page.text) + 900 <= LIMIT
    numbers = [line.message.message_id for line in page.lines]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert page.older == (numbers[0] > 1)
    assert page.newer == (numbers[-1] < len(rows))
    assert len(numbers) <= max(MOST, len(rows))
    if 1 <= focus <= len(rows):
        assert focus in numbers
