"""A few bad days in a row; `python -m tests.soak` goes through as many as one likes."""

from __future__ import annotations

import pytest

from tests.soak.soak import soak


@pytest.mark.timeout(600)
async def test_after_each_bad_day_the_vault_is_the_world_but_for_what_the_ledger_states() -> None:
    summary = await soak(4, seed=7)
    assert summary.cycles == summary.counts["kills"] == 4
    assert all(summary.counts[what] for what in ("messages", "edits", "deletions"))
    assert not summary.counts["differences that it does not"]
