"""Many write at once: within what Telegram allows, all of it stands in its topics, once and in order."""

from pathlib import Path

from benchmarks.topics import measure


async def test_a_burst_arrives_whole_in_order_and_once_as_soon_as_the_limit_allows(tmp_path: Path) -> None:
    burst = await measure(tmp_path, clients=12, messages=150, length=30)
    assert len(burst.written) == 150
    assert (burst.missing, burst.twice, burst.out_of_order) == (0, 0, 0)
    ended = max(when for when, _who in burst.written.values())
    assert max((when - ended).total_seconds() for _number, when, _topic in burst.told) <= 60
