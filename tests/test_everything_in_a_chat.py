"""Whatever happens in a chat with a client stands in its history: reactions, what was read, and what is not kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import select

from handlers.buttons.history import MessageCard
from handlers.buttons.media import SendFile
from sandbox.world import VIEW_ONCE, Quote
from storage.media import Media
from storage.messages import Message, Version
from tests.devices import Linkable, linkable
from tests.people import PATIENCE, Desk, Someone
from tests.test_history import open_history
from tests.userbot.shop import commits

PICTURE = b"\xff\xd8\xff\xe0 roses"


@pytest.fixture
async def linked(furnished: Path, tmp_path: Path) -> AsyncIterator[Linkable]:
    async with linkable(furnished, tmp_path) as one:
        yield one


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Look again after each commit until it holds."""
    async with asyncio.timeout(PATIENCE):
        with commits() as committed:
            while not await holds():
                await committed.wait()
                committed.clear()


async def counts(desk: Desk, messages: int) -> bool:
    return len(await desk.mirrored()) == messages


async def shows(someone: Someone, words: str) -> bool:
    await open_history(someone)
    return words in someone.screen


async def hides(someone: Someone, words: str) -> bool:
    return not await shows(someone, words)


async def test_a_quote_stands_above_its_answer(desk: Desk, olga: Someone, anna: Someone) -> None:
    question = await anna.writes("The blue one or the red one?", to=olga)
    desk.world.send(olga.id, anna.id, "This one", reply_to=question.uid, quote=Quote("the red one", 16))
    await desk.settled()
    await open_history(olga)
    assert "↩️ 👤 “the red one”" in olga.screen
    await olga.presses("②")
    assert "❝ quotes: the red one" in olga.screen


async def test_a_forward_says_whose_words_they_are(desk: Desk, olga: Someone, anna: Someone, chen: Someone) -> None:
    said = await chen.writes("Ten roses, please", to=anna)
    desk.world.forward(said.uid, by=anna.id, to=olga.id)
    await desk.settled()
    await open_history(olga)
    assert "➡️ forwarded from \u2068Chen\u2069" in olga.screen


@pytest.mark.parametrize(
    ("service", "shown"),
    [
        (
            {"type": "poll", "question": "Which one?", "options": ["blue", "<red>"]},
            ["📊 \u2068Which one?", "▫️ \u2068<red>"],
        ),
        (
            {"type": "checklist", "title": "Wedding", "tasks": ["roses", "cake"], "done": []},
            ["☑️ Checklist: \u2068Wedding", "⬜️ \u2068roses"],
        ),
        ({"type": "game", "title": "Chess", "description": "for two"}, ["🎮 Game: \u2068Chess", "for two"]),
        ({"type": "paid_media", "star_count": 25}, ["⭐️ Media for Stars: 25"]),
        ({"type": "gift"}, ["🎁 Gift"]),
        (
            {"type": "location", "latitude": 52.5, "longitude": 13.4, "live_period": 900},
            ["📍 52.5, 13.4 · as it moves"],
        ),
    ],
)
async def test_what_is_no_file_keeps_its_name_and_its_words(
    desk: Desk, olga: Someone, anna: Someone, service: dict[str, object], shown: list[str]
) -> None:
    words = "with love" if service["type"] in {"gift", "paid_media"} else ""
    desk.world.send(anna.id, olga.id, words, service=service)
    await desk.settled()
    await open_history(olga)
    await olga.presses("①")
    assert all(one in olga.screen for one in [*shown, words])


async def test_a_caption_of_four_thousand_characters_is_read_in_parts(desk: Desk, olga: Someone, anna: Someone) -> None:
    words = " ".join(f"word{place}" for place in range(455))
    photo = desk.world.store_file(PICTURE, "photo", mime="image/jpeg", width=640, height=480)
    await anna.writes(words, to=olga, file=photo)
    await open_history(olga)
    assert "more characters" in olga.screen
    await olga.presses("①")
    assert "word0 " in olga.screen
    await olga.presses("›")
    assert "word454" in olga.screen
    assert "640×480" in olga.screen


async def test_a_protected_chat_is_read_and_nothing_of_it_goes_on(desk: Desk, olga: Someone, anna: Someone) -> None:
    desk.world.protect(olga.id, anna.id)
    photo = desk.world.store_file(PICTURE, "photo", mime="image/jpeg", width=640, height=480)
    await anna.writes("Only for your eyes", to=olga, file=photo)
    await olga.writes("/contacts")
    unprotected = olga.newest
    await olga.presses("Anna")
    assert "Only for your eyes" in olga.screen
    assert (olga.newest.protected, unprotected.deleted) == (True, True)
    assert "🔒 \u2068Olga" in olga.screen
    await olga.presses("Conversation")
    assert "🔒 Nothing of this chat may be forwarded or saved" in olga.screen
    assert olga.newest.protected
    assert [label for label in olga.buttons if "⬇" in label] == ["⬇ The whole file…"]
    await olga.presses("①")
    assert "🔒 may be neither forwarded nor saved" in olga.screen
    assert not any("⬇" in label for label in olga.buttons)
    answer = await olga.presses_address(SendFile(id=1).pack())
    assert answer is not None
    assert "lets nothing be copied" in answer.text
    async with desk.vault() as session:
        (media,) = await session.exec(select(Media))
    assert (media.file_id, media.kept) == (None, None)
    await olga.writes("/search eyes")
    assert "Only for your eyes" in olga.screen
    assert olga.newest.protected


async def test_an_unprotected_chat_is_drawn_in_place(olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes("/contacts")
    first = olga.newest
    await olga.presses("Anna")
    await olga.presses("Conversation")
    assert (olga.newest is first, first.protected) == (True, False)


async def test_a_stranger_sees_nothing_of_a_protected_chat(
    desk: Desk, olga: Someone, anna: Someone, mallory: Someone
) -> None:
    desk.world.protect(olga.id, anna.id)
    await anna.writes("Only for your eyes", to=olga)
    await mallory.writes("/start")
    for address in (MessageCard(id=1), SendFile(id=1)):
        answer = await mallory.presses_address(address.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    assert "eyes" not in "".join(message.text for message in mallory.chat)


async def test_a_linked_device_tells_of_reactions_of_reading_and_of_what_destroys_itself(linked: Linkable) -> None:
    desk, olga = linked.desk, linked.olga
    anna, world = desk.people["Anna"], desk.world
    question = world.send(anna.id, olga.id, "Is it ready?")
    answer = world.send(olga.id, anna.id, "Tomorrow")
    photo = world.store_file(PICTURE, "photo", mime="image/jpeg", width=640, height=480)
    world.send(anna.id, olga.id, "my face", file=photo, ttl=VIEW_ONCE)
    world.react(question.uid, "👍", by=olga.id)
    await linked.links()
    await until(lambda: counts(desk, 3))
    await open_history(olga)
    assert "👍 🏪" in olga.screen
    assert "🔥 A photo that destroys itself; it is not kept" in olga.screen
    assert "my face" not in olga.screen
    assert [label for label in olga.buttons if "⬇" in label] == ["⬇ The whole file…"]
    assert "✓✓" not in olga.screen
    world.read(anna.id, olga.id)
    world.react(answer.uid, "🔥", by=anna.id)
    await until(lambda: shows(olga, "🔥 👤"))
    assert "✓✓" in olga.screen
    assert "👁 read by the client until" in olga.screen
    world.react(question.uid, by=olga.id)
    await until(lambda: hides(olga, "👍"))
    async with desk.vault() as session:
        assert not (await session.exec(select(Version))).all()
        assert not (await session.exec(select(Media))).all()
        edits: list[datetime | None] = list(await session.exec(select(Message.edited_at)))
    assert edits == [None, None, None]


async def test_the_same_client_on_two_accounts_is_one_contact_with_two_conversations(linked: Linkable) -> None:
    desk, olga, world = linked.desk, linked.olga, linked.desk.world
    anna, boris = desk.people["Anna"], desk.people["Boris"]
    world.send(anna.id, olga.id, "Roses, please")
    world.send(anna.id, boris.id, "Tea, please")
    await linked.links()
    await until(lambda: counts(desk, 1))
    await linked.asks_for_a_code()
    token = linked.server.newest_login_token()
    assert token is not None
    linked.server.accept_login_token(token, boris.id)
    await until(lambda: counts(desk, 2))
    await olga.writes("/contacts")
    assert "1 contact" in olga.screen
    await olga.presses("Anna")
    assert "💬 \u2068Olga\u2069: 1 message" in olga.screen
    assert "💬 \u2068Boris\u2069: 1 message" in olga.screen
    assert "Roses, please" in olga.screen
    assert "Tea, please" in olga.screen
    await olga.presses("💬 Boris")
    assert "with \u2068Boris" in olga.screen
    assert "Tea, please" in olga.screen
    assert "Roses" not in olga.screen
