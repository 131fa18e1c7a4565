"""What Olga is told of her account's completeness while a userbot mirrors it."""

from __future__ import annotations

from datetime import timedelta

from crm import completeness, contacts
from crm.access import enter
from handlers.screens.completeness import account, gap, line
from sandbox.mtproto import Rate
from tests.people import OLGA
from tests.userbot.shop import WORKSPACE, Shop


async def card_of(shop: Shop, contact_id: int) -> str:
    async with enter(shop.installation, OLGA, WORKSPACE) as desk:
        (thread,) = (await contacts.card(desk, contact_id)).threads
    return line(thread.conversation, thread.coverage, live=shop.state == "live")


async def page(shop: Shop) -> str:
    async with enter(shop.installation, OLGA, WORKSPACE) as desk:
        ledger = await completeness.ledger(desk)
    lines = [account(one, live=shop.state == "live") for one in ledger.heard]
    lines += [gap(one.gap, one.contact.name if one.contact else one.account.name) for one in ledger.lacks.items]
    return "\n".join(lines)


async def test_a_chat_that_was_read_to_its_beginning_is_called_whole(shop: Shop) -> None:
    shop.writes(shop.anna, *(f"line {number}" for number in range(120)))
    await shop.is_mirrored()
    card = await card_of(shop, 1)
    assert "✓ All 120 messages that Telegram had" in card
    assert "Live since" in card
    assert "What was deleted before is not known" in card
    assert "every private chat and each picked group, back to the beginning" in await page(shop)
    await shop.closes()
    assert "but not now: its linked device is not connected" in await card_of(shop, 1)
    await shop.opens()


async def test_somebody_who_writes_for_the_first_time_is_known_whole_at_once(shop: Shop) -> None:
    await shop.is_mirrored()
    shop.writes(shop.anna, "Hello")
    await shop.holds("Hello")
    assert "✓ The 1 message" in await card_of(shop, 1)


async def test_while_the_past_is_read_the_card_says_how_far_it_is(shop: Shop) -> None:
    texts = [f"line {number}" for number in range(350)]
    shop.writes(shop.anna, *texts)
    shop.server.history_rate = Rate(2, 3600)
    assert (await shop.links()).outcome == "linked"
    await shop.holds(*texts[-201:])
    card = await card_of(shop, 1)
    assert "older messages are still being read" in card
    assert "✓" not in card
    assert "0 of 1 chats read" in await page(shop)


async def test_a_gap_is_open_on_the_card_until_it_was_closed_and_keeps_its_reservation(shop: Shop) -> None:
    shop.writes(shop.anna, "old")
    await shop.is_mirrored()
    await shop.closes()
    shop.world.clock.advance(timedelta(hours=3))
    shop.writes(shop.anna, "new")
    shop.world.faults.on("mtproto_too_long", times=1)
    shop.world.faults.on("mtproto_flood", seconds=1, times=1, method="messages.getHistory")
    await shop.opens()
    await shop.until(lambda: shop.state == "waiting")
    card = await card_of(shop, 1)
    assert "⚠️" in card
    assert "Telegram no longer told what happened. The chats are being read again." in card
    await shop.past_is_read()
    assert "⚠️" not in await card_of(shop, 1)
    assert "☑️" in await page(shop)
    assert "some may have been deleted in that time without our knowing" in await page(shop)
