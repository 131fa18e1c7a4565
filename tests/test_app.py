"""The running program as a whole: its detached work and its end."""

from __future__ import annotations

import gc
import warnings

from bot.app import Owner


async def work() -> None:
    """Something that the end of the program comes before."""


async def test_work_that_is_cancelled_before_its_first_step_is_not_said_to_be_forgotten() -> None:
    owner = Owner()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        async with owner.group:
            owner.start("work", work())
            owner.cancel()
        gc.collect()
    assert [str(one.message) for one in said] == []
    assert owner.running == set()
