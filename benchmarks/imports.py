"""How fast an exported history comes in, against a walk over the same file that stores nothing.

Ours is what `wysper import` does with a `result.json` and a fresh encrypted vault, search index included, in a process
of its own, whose memory is told over that of the same process before it reads; the baseline is `ijson.items` and a
count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from time import perf_counter

import ijson

from benchmarks.measuring import MIB, Pair, peak, show
from benchmarks.shop import ACCOUNT, CLIENTS, configured, found
from benchmarks.texts import Written, correspondence
from bot.clock import SystemClock
from bot.importing import import_history
from bot.opening import make, opened
from bot.process import prepare_process
from storage.accounts import Account


def export(count: int, path: Path) -> None:
    """A made-up account's history as Telegram Desktop writes it, chat by chat."""
    by_client = groupby(sorted(correspondence(count), key=lambda one: one.client), key=lambda one: one.client)
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"personal_information": {{"user_id": {ACCOUNT}}}, "chats": {{"list": [')
        for place, (client, written) in enumerate(by_client):
            head = f'"name": "Client {client}", "type": "personal_chat", "id": {CLIENTS + client}'
            file.write(f'{"," if place else ""}\n{{{head}, "messages": [')
            file.write(",\n".join(_messages(written)))
            file.write("]}")
        file.write("]}}")


def _messages(written: Iterator[Written]) -> Iterator[str]:
    for one in written:
        message = {
            "id": one.number,
            "type": "message",
            "date": one.sent_at.replace(tzinfo=None).isoformat(timespec="seconds"),
            "date_unixtime": str(int(one.sent_at.timestamp())),
            "from": "Shop" if one.outgoing else f"Client {one.client}",
            "from_id": f"user{ACCOUNT if one.outgoing else CLIENTS + one.client}",
            "text": one.text,
            "text_entities": [{"type": "plain", "text": one.text}],
        }
        yield json.dumps(message, ensure_ascii=False, indent=1)


def ours(path: Path) -> tuple[float, float]:
    """Seconds for the import, and bytes of memory at the peak over those before it, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_imported, (path,))


def _imported(path: Path) -> tuple[float, float]:
    prepare_process()
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_import(path, Path(folder)))


async def _import(path: Path, folder: Path) -> tuple[float, float]:
    config = configured(folder)
    await make(config.storage)
    async with opened(config, SystemClock()) as installation:
        await found(installation, [ACCOUNT])
        async with installation.vaults.open(1) as vault, vault.transaction() as session:
            session.add(Account(id=ACCOUNT, first_name="Shop", connected_at=SystemClock().now()))
    before, begun = peak(), perf_counter()
    said: list[str] = []
    await import_history(config, path, None, None, say=said.append)
    took = perf_counter() - begun
    assert "0 were known" in said[0], said
    return took, peak() - before


def theirs(path: Path, count: int) -> float:
    """Seconds for a walk that makes every message and keeps none."""
    begun = perf_counter()
    with path.open("rb") as file:
        walked = sum(1 for _ in ijson.items(file, "chats.list.item.messages.item"))
    assert walked == count, walked
    return perf_counter() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000, help="made-up messages (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="times that both are measured (default: %(default)s)")
    chosen = parser.parse_args()
    speed, peaks = Pair(), []
    with tempfile.TemporaryDirectory(prefix="wysper-import-") as folder:
        path = Path(folder) / "result.json"
        export(chosen.messages, path)
        for _ in range(chosen.rounds):
            took, most = ours(path)
            speed.ours.append(took)
            peaks.append(most)
            speed.theirs.append(theirs(path, chosen.messages))
        size = path.stat().st_size / MIB
    seconds = [f"{sorted(side)[chosen.rounds // 2]:.2f}" for side in (speed.ours, speed.theirs)]
    heads = ["ours s", "walk s", "peak MiB"]
    show(f"{chosen.messages:,} messages, {size:.0f} MiB", heads, [("import", [*seconds, f"{max(peaks) / MIB:.0f}"])])
    print(f"\nratio to a bare walk: {speed.ratio:.2f}")


if __name__ == "__main__":
    main()
