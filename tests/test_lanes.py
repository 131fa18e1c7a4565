"""Lanes: order within, company where it is allowed, and no waiting for one another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from bot.app import Owner
from bot.lanes import TOGETHER, Lanes


@dataclass(frozen=True)
class Item:
    """Something that stands in a lane."""

    number: int
    lane: str
    joins: bool


async def worked_off(items: Sequence[Item]) -> list[list[Item]]:
    """What was handed over, in that order."""
    handed: list[list[Item]] = []

    async def work(together: Sequence[Item]) -> None:
        handed.append([*together])
        await asyncio.sleep(0)

    owner = Owner()
    async with owner.group:
        lanes = Lanes[Item](owner, work)
        for item in items:
            lanes.add(item)
        await lanes.idle.wait()
    return handed


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=3 * TOGETHER))
def test_each_is_done_once_in_the_order_of_its_lane_and_only_those_together_that_may(
    places: list[tuple[str, bool]],
) -> None:
    items = [Item(number, *place) for number, place in enumerate(places)]
    handed = asyncio.run(worked_off(items))
    for lane in "ab":
        done = [item for together in handed for item in together if item.lane == lane]
        assert done == [item for item in items if item.lane == lane]
    for together in handed:
        assert len({item.lane for item in together}) == 1
        assert len(together) == 1 or (len(together) <= TOGETHER and all(item.joins for item in together))


async def test_what_has_piled_up_is_done_in_handfuls() -> None:
    handed = await worked_off([Item(number, "a", joins=True) for number in range(2 * TOGETHER + 1)])
    assert [len(together) for together in handed] == [TOGETHER, TOGETHER, 1]
