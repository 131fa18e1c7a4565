"""What happened in Olga's account and was told by no update: the next comparison finds it."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from crm.gaps import CHECK, Why
from storage.gaps import Gap
from tests.userbot.shop import Shop


async def found(shop: Shop) -> list[dict[str, Any]]:
    """What comparisons have written into the ledger, all of it closed."""
    async with shop.vault() as session:
        gaps = list(await session.exec(select(Gap).order_by(col(Gap.id))))
    assert all((gap.why, gap.closed_by, bool(gap.closed_at)) == (Why.UNTOLD, CHECK, True) for gap in gaps)
    return [gap.facts for gap in gaps]


async def is_compared(shop: Shop) -> None:
    """The hour is over: compare until vault and world are the same."""
    shop.userbots.compare()

    async def same() -> bool:
        return not await shop.differences() and bool(await found(shop))

    await shop.eventually(same)


async def test_a_message_that_no_update_told_is_found(shop: Shop) -> None:
    shop.writes(shop.anna, "before")
    await shop.is_mirrored()
    shop.world.faults.on("mtproto_swallow", times=1)
    shop.writes(shop.anna, "never told")
    shop.writes(shop.chen, "told")
    await shop.holds("before", "told")
    await is_compared(shop)
    await shop.holds("before", "never told", "told")
    assert await found(shop) == [{"new": 1, "edited": 0, "deleted": 0}]


async def test_an_edit_and_a_deletion_that_no_update_told_are_found(shop: Shop) -> None:
    edited, gone = shop.writes(shop.anna, "Two roses", "Never mind")
    shop.writes(shop.chen, "Hello")
    await shop.is_mirrored()
    shop.world.faults.on("mtproto_swallow", times=2)
    shop.world.edit(edited.uid, text="Three roses", by=shop.anna.id)
    shop.world.delete([gone.uid], by=shop.anna.id)
    await is_compared(shop)
    assert await shop.versions() == ["Two roses"]
    assert await found(shop) == [{"new": 0, "edited": 1, "deleted": 1}]


async def test_what_no_update_told_is_found_though_newer_messages_stand_above_it(shop: Shop) -> None:
    shop.writes(shop.anna, *(f"line {number}" for number in range(10)))
    await shop.is_mirrored()
    shop.world.faults.on("mtproto_swallow", times=1)
    shop.writes(shop.anna, "never told")
    shop.writes(shop.anna, "told")
    await shop.eventually_holds(11)
    await is_compared(shop)
    assert await found(shop) == [{"new": 1, "edited": 0, "deleted": 0}]


async def test_what_is_told_while_accounts_are_compared_is_no_finding(shop: Shop) -> None:
    shop.writes(shop.anna, *(f"line {number}" for number in range(150)))
    await shop.is_mirrored()
    shop.world.faults.on("mtproto_flood", seconds=1, times=1, method="messages.getHistory")
    shop.userbots.compare()
    await shop.until(lambda: shop.state == "waiting")
    last = shop.writes(shop.anna, *(f"just now {number}" for number in range(5)))
    shop.world.delete([last[0].uid], by=shop.anna.id)
    await shop.until(lambda: shop.state == "live")
    shop.world.faults.on("mtproto_swallow", times=1)
    shop.writes(shop.chen, "never told")
    await is_compared(shop)
    assert await found(shop) == [{"new": 1, "edited": 0, "deleted": 0}]


async def test_nothing_is_compared_while_the_past_is_read(shop: Shop) -> None:
    shop.writes(shop.anna, "before")
    shop.world.faults.on("mtproto_flood", seconds=1, times=1, method="messages.getHistory")
    assert (await shop.links()).outcome == "linked"
    await shop.until(lambda: shop.state == "waiting")
    shop.userbots.compare()
    await shop.past_is_read()
    assert await found(shop) == []
