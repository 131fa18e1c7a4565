"""How long a search takes in the encrypted vault, against plain unencrypted FTS5 over the same words.

The baseline is SQLite of the same build without a key: one query for row numbers in one table, over the same road as
ours (a session, SQLAlchemy, the thread of the file), since nothing else in an asyncio program may wait for a disk. The
last column is the same query on no road at all. All must find the same messages, else there is no figure.

Then every kind of question as a member asks it: with what the words may mean besides, and the page that is shown.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from benchmarks import search_asked
from benchmarks.lively import lively
from benchmarks.measuring import Pair, p95, show
from benchmarks.search_asked import Taken
from benchmarks.search_sides import Ours, Plain, Question, Sizes, contacts
from benchmarks.shop import batches, configured, fill, found
from benchmarks.texts import EMOJI, FIRST_DAY, LAST_DAY, WORDS, Written, correspondence
from benchmarks.texts import vocabulary as made_up
from bot.clock import SystemClock
from bot.opening import make, opened
from crm import vocabulary
from crm.access import Desk, enter
from storage import search

OWNER = 71  # of the shop


def questions(written: list[Written], each: int) -> dict[str, list[Question]]:
    """So many of each kind, drawn from what was written."""
    random = Random(42)  # noqa: S311  always the same questions
    counted = Counter(word for one in written for word in one.text.split())
    spaced = [one.text.split() for one in written if one.text.isascii() or " " in one.text]
    long = random.choices([words for words in spaced if len(words) >= 4], k=each)
    rare = [word for word, count in counted.items() if count <= 3 and len(word) >= 5]
    chinese = [one.text for one in written if len(one.text) >= 3 and one.text[2] >= "\u4e00"]
    half = each // 2
    common = [word for words in WORDS.values() for word in words.split()[:half]]
    typed = {
        "a common word": common,
        "a rare word": random.choices(rare, k=each),
        "a beginning": [word[:3] for language in WORDS for word in made_up(language)[100 : 100 + half]],
        "two words": [f"{words[0]} {words[2]}" for words in long],
        "a phrase": [f'"{words[1]} {words[2]}"' for words in long],
        "Chinese": [text[1:3] for text in random.choices(chinese, k=each)],
        "an emoji": [*EMOJI[:each]],
        "ё or е": ["еще", "счет", "ЧЁРНЫЙ", "самолет", "привезет", "тёплый", "пришлете", "идет", "берёт", "всё", "её"],
    }
    asked = {kind: [Question(words) for words in each] for kind, each in typed.items()}
    talkative = Counter(one.client for one in written).most_common(each)
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


async def both(desk: Desk, plain: Plain, written: Sequence[Written]) -> None:
    """Take a correspondence in on both sides, its words into the vocabulary, and let a night pass."""
    await fill(desk.vault, written)
    await vocabulary.take_in(desk)
    async with desk.transaction() as session:
        await search.wipe(session)
    for batch in batches(written):
        plain.add(batch)


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out of it; sizes in bytes."""

    typed: dict[str, Times]
    asked: dict[str, Taken]
    sizes: Sizes


async def measure(folder: Path, messages: int, rounds: int, each: int) -> Measured:
    """Fill, unless the folder is filled already, ask, and give the times of each kind."""
    config = configured(folder)
    filled = folder / f"{messages}.filled"
    if not filled.exists():
        await make(config.storage)
    written = list(lively(correspondence(messages)))
    plain = Plain(folder / "plain.db")
    try:
        async with opened(config, SystemClock()) as installation:
            if not filled.exists():
                await found(installation, [OWNER])
            async with enter(installation, OWNER, 1) as desk:
                if not filled.exists():
                    await both(desk, plain, written)
                    filled.touch()
                async with desk.reading() as session:
                    known = await contacts(session)
                    sizes = await Sizes.of(session, plain)
                typed = questions(written, each)
                kinds = search_asked.asked(written, known, await search_asked.tag_some(desk), each)
                written.clear()  # else Python looks through a million objects now and then while it is measured
                gc.collect()
                times = await compare(Ours(desk.vault, known), plain, typed, rounds)
                return Measured(times, await search_asked.compare(desk, plain, kinds, rounds), sizes)
    finally:
        await plain.close()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000, help="how many are searched (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=6, help="how often each question is asked (default: %(default)s)")
    parser.add_argument(
        "--questions", type=int, default=40, help="how many of each kind: the p95 of few is the slowest of them"
    )
    parser.add_argument("--keep", type=Path, help="a folder in which the filled vault stays for the next time")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wysper-search-")))
        folder.mkdir(parents=True, exist_ok=True)
        measured = asyncio.run(measure(folder, options.messages, options.rounds, options.questions))
    heads = ["median ms", "p95 ms", "plain", "plain p95", "ratio"]
    title = f"{options.messages} messages"
    show(title, [*heads, "bare"], [(kind, one.figures()) for kind, one in measured.typed.items()])
    show("as a member asks", [*heads, "cpu p95"], [(kind, one.figures()) for kind, one in measured.asked.items()])
    show("space", ["MiB", "of the text"], measured.sizes.figures())
    slowest = max(measured.asked.values(), key=lambda one: p95(one.road.ours))
    ratio = max(one.road.ratio for one in measured.typed.values())
    print(f"\nslowest kind that a member asks: {p95(slowest.road.ours) * 1000:.1f} ms at p95")
    print(
        f"ratio to plain FTS5 over the same road: {ratio:.2f} at the most; index {measured.sizes.ratio:.2f} of the text"
    )


if __name__ == "__main__":
    main()
