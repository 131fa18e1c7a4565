"""Reactions, reading, quotes, forwards, what destroys itself: live, after a time offline, and read from the chats."""

from __future__ import annotations

from datetime import timedelta

from sandbox.world import VIEW_ONCE, File, Quote
from tests.userbot.shop import Shop


def face(shop: Shop) -> File:
    return shop.world.store_file(b"\xff\xd8 face", "photo", mime="image/jpeg", width=64, height=48)


def everything_happens(shop: Shop) -> None:
    """Whatever a chat may bring, with pauses, as people make them."""
    world, olga, anna = shop.world, shop.olga, shop.anna
    [question, bare] = shop.writes(anna, "The blue one or the red one?", "Hello?")
    world.send(olga.id, anna.id, "This", reply_to=question.uid, quote=Quote("the red one", 16))
    world.forward(question.uid, by=anna.id, to=olga.id)
    world.send(anna.id, olga.id, "look", file=face(shop), ttl=VIEW_ONCE)
    shop.writes(anna, "Between us", protected=True, file=face(shop))
    world.react(question.uid, "👍", by=olga.id)
    world.react(question.uid, 5368324170671202286, by=anna.id)
    world.react(bare.uid, "🔥", by=olga.id)
    world.read(olga.id, anna.id)
    world.clock.advance(timedelta(minutes=1))
    world.edit(bare.uid, text="Hello!", by=anna.id)
    world.react(question.uid, by=anna.id)
    world.clock.advance(timedelta(minutes=1))
    world.react(bare.uid, by=olga.id)
    world.read(anna.id, olga.id)


async def test_all_that_happens_is_mirrored_as_it_happens(shop: Shop) -> None:
    shop.writes(shop.anna, "Good morning")
    await shop.is_mirrored()
    everything_happens(shop)
    await shop.is_like_the_world()
    assert await shop.versions() == ["Hello?"]
    [media] = await shop.media()
    assert (media.userbot, media.name) == (None, None), "there is no way to the file of a protected message"


async def test_all_that_happened_offline_is_caught_up_with(shop: Shop) -> None:
    [first] = shop.writes(shop.anna, "Good morning")
    shop.world.react(first.uid, "👍", by=shop.olga.id)
    await shop.is_mirrored()
    await shop.is_like_the_world()
    await shop.closes()
    shop.world.clock.advance(timedelta(minutes=1))
    shop.world.react(first.uid, by=shop.olga.id)
    everything_happens(shop)
    await shop.opens()
    await shop.is_like_the_world()


async def test_all_that_had_happened_is_read_from_the_chats(shop: Shop) -> None:
    everything_happens(shop)
    await shop.is_mirrored()
    await shop.is_like_the_world()
    assert await shop.versions() == []


async def test_a_reaction_that_no_update_told_of_is_found_when_the_chats_are_read_again(shop: Shop) -> None:
    [first, second] = shop.writes(shop.anna, "Good morning", "Hello?")
    shop.world.react(first.uid, "👍", by=shop.olga.id)
    await shop.is_mirrored()
    await shop.closes()
    shop.world.clock.advance(timedelta(minutes=1))
    shop.world.react(first.uid, by=shop.olga.id)
    shop.world.react(second.uid, "🔥", by=shop.olga.id)
    shop.world.faults.on("mtproto_too_long", times=1)
    await shop.opens()
    await shop.is_like_the_world()


async def test_the_same_client_on_two_accounts_is_one_contact_with_two_conversations(shop: Shop) -> None:
    boris = shop.world.add_person("Boris", phone="+49151000009")
    shop.writes(shop.anna, "To Olga")
    shop.writes(shop.anna, "To Boris", to=boris)
    await shop.is_mirrored()
    await shop.links(boris)
    await shop.eventually_holds(2)
    [anna] = await shop.contacts()
    assert (anna.name, {message.account_id for message in await shop.messages()}) == (
        shop.anna.name,
        {shop.olga.id, boris.id},
    )
