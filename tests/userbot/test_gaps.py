"""The ledger of what Olga's userbot could not hear, and what closed it."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from crm.gaps import Why
from storage.gaps import Gap
from tests.userbot.shop import Shop


async def gaps(shop: Shop) -> list[Gap]:
    async with shop.vault() as session:
        return list(await session.exec(select(Gap).order_by(col(Gap.id))))


async def test_an_account_that_was_heard_whole_has_no_gap(shop: Shop) -> None:
    shop.writes(shop.anna, "before")
    await shop.is_mirrored()
    shop.server.cut()
    shop.writes(shop.anna, "after")
    await shop.holds("before", "after")
    assert await gaps(shop) == []


async def test_what_telegram_no_longer_tells_is_a_gap_until_the_chats_are_read_again(shop: Shop) -> None:
    old, gone, edited = shop.writes(shop.anna, "old", "gone", "before")
    await shop.is_mirrored()
    await shop.closes()
    left = shop.world.clock.now()
    shop.world.clock.advance(timedelta(hours=3))
    shop.world.edit(edited.uid, text="after", by=shop.anna.id)
    shop.world.delete([gone.uid], by=shop.anna.id)
    shop.writes(shop.anna, *(f"missed {number}" for number in range(150)))
    shop.world.faults.on("mtproto_too_long", times=1)
    shop.world.faults.on("mtproto_flood", seconds=1, times=1, method="messages.getHistory")
    await shop.opens()
    await shop.until(lambda: shop.state == "waiting")
    (gap,) = await gaps(shop)
    assert (gap.why, gap.peer_id, gap.closed_at) == (Why.TOO_LONG, None, None)
    assert gap.begun_at
    assert gap.ended_at
    assert gap.begun_at <= left < left + timedelta(hours=3) <= gap.ended_at
    await shop.past_is_read()
    assert await shop.differences() == []
    (gap,) = await gaps(shop)
    assert (gap.closed_by, bool(gap.closed_at)) == ("history", True)
    assert not old.deleted


async def test_a_chat_whose_history_is_refused_is_a_gap_until_it_is_read_after_all(shop: Shop) -> None:
    old = [f"line {number}" for number in range(150)]  # more than one page
    shop.writes(shop.anna, *old)
    shop.world.clock.advance(timedelta(days=30))
    shop.writes(shop.anna, "last")
    shop.world.faults.on("mtproto_peer_refused", times=1, method="messages.getHistory")
    await shop.is_mirrored()
    await shop.holds("last")  # the list of chats brought it
    (gap,) = await gaps(shop)
    assert (gap.why, gap.peer_id, gap.facts) == (Why.REFUSED, shop.anna.id, {"reason": "PEER_ID_INVALID"})
    assert gap.closed_at is None
    await shop.closes()
    shop.world.faults.on("mtproto_too_long", times=1)  # now all chats are read again
    await shop.opens()
    await shop.holds(*old, "last")
    await shop.past_is_read()
    (refused, _too_long) = await gaps(shop)
    assert (refused.closed_by, bool(refused.closed_at)) == ("history", True)


async def test_a_deletion_in_a_gap_is_found_over_many_pages_and_takes_nothing_else_along(shop: Shop) -> None:
    said = shop.writes(shop.anna, *(f"line {number}" for number in range(350)))
    shop.writes(shop.chen, *(f"other {number}" for number in range(50)))
    await shop.is_mirrored()
    await shop.closes()
    shop.world.delete([message.uid for message in said[::49]], by=shop.anna.id)
    shop.world.delete([said[-1].uid], by=shop.anna.id)
    shop.world.faults.on("mtproto_too_long", times=1)
    await shop.opens()

    async def closed() -> bool:
        return any(gap.closed_at for gap in await gaps(shop))

    await shop.eventually(closed)
    assert await shop.differences() == []


async def test_a_chat_that_began_under_the_eyes_of_the_device_and_was_deleted_whole_in_a_gap_is_found(
    shop: Shop,
) -> None:
    shop.writes(shop.anna, "Hello")
    await shop.is_mirrored()
    said = shop.writes(shop.chen, "A mistake", "Never mind")
    await shop.holds("Hello", "A mistake", "Never mind")
    await shop.closes()
    shop.world.delete([message.uid for message in said], by=shop.chen.id)
    shop.world.faults.on("mtproto_too_long", times=1)
    await shop.opens()

    async def closed() -> bool:
        return any(gap.closed_at for gap in await gaps(shop))

    await shop.eventually(closed)
    assert await shop.differences() == []


async def test_an_account_that_was_logged_out_and_linked_again_has_a_gap_that_is_closed(shop: Shop) -> None:
    (gone,) = shop.writes(shop.anna, "before")
    await shop.is_mirrored()
    shop.server.revoke(shop.olga.id)
    shop.server.cut()
    await shop.until(lambda: shop.state == "revoked")
    shop.writes(shop.anna, "between")
    shop.world.delete([gone.uid], by=shop.anna.id)
    await shop.is_mirrored()
    (gap,) = await gaps(shop)
    assert (gap.why, gap.closed_by) == (Why.UNLINKED, "history")
    assert await shop.differences() == []
