"""How long a search takes in the encrypted vault, against plain unencrypted FTS5 over the same words.

The baseline is SQLite of the same build without a key: one query for row numbers in one table, over the same road as
ours (a session, SQLAlchemy, the thread of the file), since nothing else in an asyncio program may wait for a disk. The
last column is the same query on no road at all. All must find the same messages, else there is no figure.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from benchmarks.measuring import Pair, show
from benchmarks.search_sides import Ours, Plain, Question, contacts
from benchmarks.shop import batches, configured, fill
from benchmarks.texts import EMOJI, FIRST_DAY, LAST_DAY, WORDS, Written, correspondence, vocabulary
from bot.clock import SystemClock
from bot.opening import make, opened
from storage.vault import Vault

EACH = 12  # questions of a kind


def questions(written: list[Written]) -> dict[str, list[Question]]:
    """So many of each kind, drawn from what was written."""
    random = Random(42)  # noqa: S311  always the same questions
    counted = Counter(word for one in written for word in one.text.split())
    spaced = [one.text.split() for one in written if one.text.isascii() or " " in one.text]
    long = random.choices([words for words in spaced if len(words) >= 4], k=EACH)
    rare = [word for word, count in counted.items() if count <= 3 and len(word) >= 5]
    chinese = [one.text for one in written if len(one.text) >= 3 and one.text[2] >= "\u4e00"]
    half = EACH // 2
    common = [word for words in WORDS.values() for word in words.split()[:half]]
    typed = {
        "a common word": common,
        "a rare word": random.choices(rare, k=EACH),
        "a beginning": [word[:3] for language in WORDS for word in vocabulary(language)[100 : 100 + half]],
        "two words": [f"{words[0]} {words[2]}" for words in long],
        "a phrase": [f'"{words[1]} {words[2]}"' for words in long],
        "Chinese": [text[1:3] for text in random.choices(chinese, k=EACH)],
        "an emoji": [*EMOJI[:EACH]],
        "ё or е": ["еще", "счет", "ЧЁРНЫЙ", "самолет", "привезет", "тёплый", "пришлете", "идет", "берёт", "всё", "её"],
    }
    asked = {kind: [Question(words) for words in each] for kind, each in typed.items()}
    talkative = Counter(one.client for one in written).most_common(EACH)
    asked["with one client"] = [
        Question(word, client=client) for (client, _), word in zip(talkative, common, strict=False)
    ]
    asked["notes, people too"] = [Question(word, everything=True) for word in common]
    days = (LAST_DAY - FIRST_DAY).days
    asked["in one month"] = [
        Question(word, since=FIRST_DAY + timedelta(days=random.randrange(days - 30))) for word in common
    ]
    return asked


@dataclass(slots=True)
class Times:
    """Seconds of one kind of question."""

    road: Pair = field(default_factory=Pair)  # ours and the plain one, both as a handler asks
    bare: list[float] = field(default_factory=list)

    def figures(self) -> list[str]:
        """A row of the table."""
        return [*self.road.milliseconds(), f"{self.road.ratio:.2f}", f"{median(self.bare) * 1000:.2f}"]


async def compare(ours: Ours, plain: Plain, asked: dict[str, list[Question]], rounds: int) -> dict[str, Times]:
    """Each question to all in turns, so many times; the first asking is for the proof that all find the same."""
    times = {kind: Times() for kind in asked}
    everything = [(kind, question) for kind, each in asked.items() for question in each]
    for kind, question in everything:
        found = await ours.find(question)
        assert found == await plain.find(question), f"{kind}: not the same messages were found for {question}"
    for _round in range(rounds):
        for kind, question in everything:
            moments = [perf_counter()]
            await ours.find(question)
            moments.append(perf_counter())
            await plain.find(question)
            moments.append(perf_counter())
            plain.find_bare(question)
            moments.append(perf_counter())
            our, their, bare = (end - start for start, end in pairwise(moments))
            times[kind].road.ours.append(our)
            times[kind].road.theirs.append(their)
            times[kind].bare.append(bare)
    return times


async def both(vault: Vault, plain: Plain, written: Sequence[Written]) -> Ours:
    """Take a correspondence in on both sides."""
    await fill(vault, written)
    for batch in batches(written):
        plain.add(batch)
    async with vault.reading() as session:
        return Ours(vault, await contacts(session))


async def measure(folder: Path, messages: int, rounds: int) -> dict[str, Times]:
    """Fill, ask, and give the times of each kind."""
    config = configured(folder)
    await make(config.storage)
    written = list(correspondence(messages))
    plain = Plain(folder / "plain.db")
    try:
        async with opened(config, SystemClock()) as installation:
            await installation.vaults.create(1)
            async with installation.vaults.open(1) as vault:
                ours = await both(vault, plain, written)
                return await compare(ours, plain, questions(written), rounds)
    finally:
        await plain.close()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000, help="how many are searched (default: %(default)s)")
    parser.add_argument(
        "--rounds", type=int, default=20, help="how often each question is asked (default: %(default)s)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wysper-search-") as folder:
        times = asyncio.run(measure(Path(folder), options.messages, options.rounds))
    heads = ["median ms", "p95 ms", "plain", "plain p95", "ratio", "bare"]
    show(f"{options.messages} messages", heads, [(kind, one.figures()) for kind, one in times.items()])
    slowest = max(median(one.road.ours) for one in times.values()) * 1000
    ratio = max(one.road.ratio for one in times.values())
    print(f"\nratio to plain FTS5 over the same road: {ratio:.2f} at the most; slowest kind: {slowest:.2f} ms")


if __name__ == "__main__":
    main()
