"""The Business connection and the userbot see the same message: they must say the same of it."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

from crm import mirror
from crm.seen import Seen, Source
from handlers import business
from sandbox.bot_api.rendering import View as BotView
from sandbox.mtproto import tl
from sandbox.world import Entity, Message, Origin, Quote
from tests.people import OLGA
from tests.userbot.shop import WORKSPACE, Shop
from userbot.people import People
from userbot.translate import seen


class Both:
    """The two translators, over the sandbox's two faces."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        bot = shop.world.add_bot("Wysper", "wysper_bot", shop.olga)
        connection = shop.world.connect_business(OLGA, bot.id)
        self._bot = BotView(shop.world, bot.id, connection)
        self._people = People(OLGA, {})

    def by_business(self, said: Message) -> Seen:
        return business.seen(self._bot.message(said), OLGA)

    def by_userbot(self, said: Message) -> Seen:
        view = self._shop.server.view(OLGA)
        self._people.meet(tl.read(bytes(user)) for user in view.people_of([said]))
        one = seen(tl.read(bytes(view.message(said))), OLGA, self._people, self._shop.world.clock.now())
        assert one is not None
        return one


def _alike(one: Seen) -> Seen:
    """Without what only one of them knows: its own road to the file, a phone number, a language, reactions."""
    file = one.file and dataclasses.replace(one.file, file_id=None, userbot=None)
    peer = dataclasses.replace(one.peer, phone=None, language=None)
    return dataclasses.replace(one, source=Source.BUSINESS, file=file, peer=peer, reactions=None)


def _everything(shop: Shop) -> list[Message]:
    world, anna = shop.world, shop.anna
    text = "bold link pre @anna_k 🌷 hello"
    entities = [
        Entity("bold", 0, 4),
        Entity("text_link", 5, 4, url="https://example.org/"),
        Entity("pre", 10, 3, language="python"),
        Entity("mention", 14, 7),
        Entity("text_mention", 25, 5, user_id=shop.chen.id),
    ]
    [plain] = shop.writes(anna, "Hello")
    files = [
        world.store_file(b"x" * 99, "document", name="prices.pdf", mime="application/pdf"),
        world.store_file(b"x" * 99, "photo", width=800, height=600, mime="image/jpeg"),
        world.store_file(b"x" * 99, "voice", duration=7, mime="audio/ogg"),
        world.store_file(b"x" * 99, "video", duration=7, width=640, height=480, name="a.mp4", mime="video/mp4"),
        world.store_file(b"x" * 99, "video_note", duration=7, width=384, height=384, mime="video/mp4"),
        world.store_file(b"x" * 99, "sticker", width=512, height=512, mime="image/webp", emoji="🌷"),
        world.store_file(b"x" * 99, "audio", duration=7, name="a.mp3", mime="audio/mpeg", title="T", performer="P"),
        world.store_file(b"x" * 99, "animation", duration=7, width=64, height=48, name="a.mp4", mime="video/mp4"),
    ]
    album = world.new_album()
    told = _told(shop)
    edited = shop.writes(anna, "before", text)
    world.clock.advance(timedelta(minutes=1))
    world.edit(edited[0].uid, text="after", by=anna.id)
    return [
        plain,
        *edited,
        *shop.answers("My answer"),
        *shop.writes(anna, text, entities=entities),
        *shop.writes(anna, "A reply", reply_to=plain.uid),
        *(world.send(anna.id, OLGA, "a caption", file=file) for file in files),
        *(world.send(OLGA, anna.id, file=file, album_id=album) for file in files[:2]),
        *shop.writes(anna, "The blue one, please", reply_to=plain.uid, quote=Quote("ello", 1)),
        world.forward(plain.uid, by=anna.id, to=OLGA),
        world.send(
            anna.id, OLGA, "I heard", origin=Origin("Somebody hidden", world.clock.now().replace(microsecond=0))
        ),
        *shop.writes(anna, "Between us", protected=True),
        *(shop.writes(anna, "for you", service=service)[0] for service in told if service["type"] in WITH_WORDS),
        *(shop.writes(anna, "", service=service)[0] for service in told if service["type"] not in WITH_WORDS),
    ]


WITH_WORDS = {"gift", "paid_media"}


def _told(shop: Shop) -> list[dict[str, Any]]:
    """What is neither words nor a file, of every kind that the sandbox has."""
    until = shop.world.clock.now().replace(microsecond=0)
    place = {"latitude": 52.5, "longitude": 13.4}
    prize = {"winner_count": 3, "prize_description": "roses", "until": until}
    return [
        {"type": "contact", "phone_number": "+4915", "first_name": "Max", "user_id": shop.chen.id},
        {"type": "location", **place},
        {"type": "location", **place, "live_period": 900},
        {"type": "venue", **place, "title": "Shop", "address": "Street 1"},
        {"type": "poll", "question": "Which one?", "options": ["blue", "red"]},
        {"type": "dice", "emoji": "🎲", "value": 4},
        {
            "type": "checklist",
            "title": "Wedding",
            "tasks": ["roses", "cake"],
            "done": [1],
            "done_at": until,
            "by": OLGA,
        },
        {"type": "game", "title": "Chess", "description": "for two"},
        {"type": "invoice", "title": "Roses", "description": "ten", "currency": "EUR", "total_amount": 4500},
        {"type": "story", "of": shop.anna.id, "id": 7},
        {"type": "giveaway", **prize},
        {"type": "giveaway_winners", **prize},
        {"type": "paid_media", "star_count": 25},
        {"type": "gift"},
        {"type": "message_auto_delete_timer_changed", "message_auto_delete_time": 86400},
    ]


async def test_both_sources_say_the_same_of_every_kind_of_message(shop: Shop) -> None:
    both = Both(shop)
    for said in _everything(shop):
        assert _alike(both.by_userbot(said)) == _alike(both.by_business(said))


async def test_the_same_message_from_both_sources_is_one_row_without_versions(shop: Shop) -> None:
    await shop.is_mirrored()
    both = Both(shop)
    said = _everything(shop)
    await shop.eventually_holds(len(said))
    async with shop.installation.vaults.open(WORKSPACE) as vault, vault.transaction() as session:
        now = shop.world.clock.now()
        await mirror.record(session, [both.by_business(one) for one in said], heard_at=now)
        await mirror.record(session, [both.by_userbot(one) for one in said], heard_at=now)
    messages = await shop.messages()
    assert len(messages) == len(said)
    assert all(message.business and message.userbot for message in messages)
    assert await shop.versions() in ([], ["before"])
    for media in await shop.media():
        assert media.file_id
        assert media.userbot


async def test_a_message_knows_the_bot_that_sent_it_for_olga(shop: Shop) -> None:
    both = Both(shop)
    shop.writes(shop.anna, "Hello")
    bot = shop.world.by_username("wysper_bot")
    assert bot is not None
    said = shop.world.send(OLGA, shop.anna.id, "Good day", business_bot_id=bot.id)
    assert both.by_userbot(said).by_bot
    assert _alike(both.by_userbot(said)) == _alike(both.by_business(said))
