"""Every kind of question as a member asks it, with the page that is shown; plain FTS5 is asked for the typed words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from time import perf_counter, process_time
from typing import Any

from sqlmodel import col, select

from benchmarks.lively import SHORTEST, phone, slip
from benchmarks.measuring import Pair, p95
from benchmarks.search_sides import Plain
from benchmarks.search_sides import Question as Bare
from benchmarks.shop import CLIENTS
from benchmarks.texts import WORDS, Written
from crm import search
from crm.access import Desk
from crm.search.kinds import Kind, Writer
from crm.search.levels import Place
from crm.spans import Span
from storage.contacts import Contact
from storage.search_text import folded
from storage.tags import ContactTag, Tag
from storage.vocabulary import latin

TAGGED = {"few": 20, "many": 1200}  # clients under each tag, the most talkative first


@dataclass(frozen=True, slots=True)
class Asked:
    """Words and filters, and whether the second page is asked for."""

    words: str
    filters: dict[str, Any] = field(default_factory=dict)
    onward: bool = False


async def tag_some(desk: Desk) -> dict[str, int]:
    """The ids of two tags, one on few clients and one on many."""
    tags: dict[str, int] = {}
    now = desk.installation.clock.now()
    async with desk.transaction() as session:
        for name, count in TAGGED.items():
            tag = await session.merge(Tag(id=len(tags) + 1, name=name, name_key=name, colour="🔵", made_at=now))
            talkative = select(Contact.id).where(col(Contact.telegram_id).between(CLIENTS, CLIENTS + count))
            for number in (await session.exec(talkative)).all():
                await session.merge(
                    ContactTag(contact_id=number or 0, tag_id=tag.id or 0, put_at=now, put_by=desk.person.id)
                )
            tags[name] = tag.id or 0
    return tags


def asked(
    written: Sequence[Written], contacts: dict[int, int], tags: dict[str, int], each: int
) -> dict[str, list[Asked]]:
    """So many of each kind, drawn from what was written."""
    random = Random(43)  # noqa: S311  always the same
    spaced = [one.text.split() for one in written[-50_000:] if " " in one.text]
    counted = Counter(folded(word) for words in spaced for word in words)
    long_words = [word for word in counted if len(word) > SHORTEST and word.isalpha()]
    rare = [word for word in long_words if counted[word] <= 2]
    known = [word for word in long_words if 10 < counted[word] < 400] or long_words
    cyrillic = [word for word in known if not word.isascii()]
    long = random.choices([words for words in spaced if len(words) >= 5], k=each)
    common = [word for words in WORDS.values() for word in words.split()[: each // 2]]
    talkative = [contacts[client] for client, _ in Counter(one.client for one in written).most_common(each)]
    chinese = [one.text[:2] for one in written[:20_000] if one.text[1:2] >= "\u4e00"]
    middle = written[len(written) // 2].sent_at
    typed: dict[str, list[str]] = {
        "a common word": common,
        "a word among many": random.choices(known, k=each),
        "a rare word": random.choices(rare, k=each),
        "two words": [f"{words[0]} {words[3]}" for words in long],
        "a phrase": [f'"{words[1]} {words[2]}"' for words in long],
        "a beginning": [word[:4] for word in random.choices(known, k=each)],
        "a part": [word[2:7] for word in random.choices(known, k=each)],
        "a slip": [slip(word, random) for word in random.choices(known, k=each)],
        "in other letters": [latin(word) for word in random.choices(cyrillic, k=each)],
        "another form": [f"{word}ами" if word in cyrillic else f"{word}ing" for word in random.choices(known, k=each)],
        "a phone": [phone(random) for _ in range(each)],
        "an amount": [f"{random.randrange(1, 40)}{random.randrange(1000):03}" for _ in range(each)],
        "Chinese": random.choices(chinese, k=each),
        "without a word": [f"{words[0]} -{words[2]}" for words in long],
        "nothing there": [f"qqz{word[:3]}xx{word[3:]}" for word in random.choices(known, k=each)],
    }
    kinds = {kind: [Asked(words) for words in some] for kind, some in typed.items()}
    kinds["the second page"] = [Asked(word, onward=True) for word in common]
    kinds["with one client"] = [Asked(word, {"contact_id": one}) for one, word in zip(talkative, common, strict=False)]
    for name, tag in tags.items():
        kinds[f"a tag on {name}"] = [Asked(word, {"tags": [tag]}) for word in common]
        kinds[f"a tag on {name}, no words"] = [Asked("", {"tags": [tag]})]
    kinds["in some days"] = [Asked(word, {"span": Span.TYPED, "until": middle}) for word in common]
    kinds["what we wrote"] = [Asked(word, {"writer": Writer.US}) for word in common]
    kinds["no words"] = [Asked("")]
    kinds["a rare kind, no words"] = [Asked("", {"kind": Kind.DOCUMENT})]
    kinds["a rare kind, one client"] = [Asked("", {"kind": Kind.DOCUMENT, "contact_id": one}) for one in talkative]
    kinds["a rare kind and a word"] = [Asked(word, {"kind": Kind.DOCUMENT}) for word in common]
    return kinds


@dataclass(slots=True)
class Taken:
    """Seconds of one kind, ours for the page of results and theirs for row numbers.

    `work` is the processor's time for ours, which nothing else on the machine lengthens.
    """

    road: Pair = field(default_factory=Pair)
    work: list[float] = field(default_factory=list)

    def figures(self) -> list[str]:
        """A row of the table."""
        return [*self.road.milliseconds(), f"{self.road.ratio:.2f}", f"{p95(self.work) * 1000:.2f}"]


async def compare(desk: Desk, plain: Plain, kinds: dict[str, list[Asked]], rounds: int) -> dict[str, Taken]:
    """Each question to both in turns, so many times; the first asking only warms both."""
    taken = {kind: Taken() for kind in kinds}
    for turn in range(rounds + 1):
        for kind, some in kinds.items():
            for one in some:
                ours, theirs, work = await _once(desk, plain, one)
                if turn:
                    taken[kind].road.ours.append(ours)
                    taken[kind].road.theirs.append(theirs)
                    taken[kind].work.append(work)
    return taken


async def _once(desk: Desk, plain: Plain, one: Asked) -> tuple[float, float, float]:
    number = await search.begin(desk, one.words, **one.filters)
    start = (await search.results(desk, number)).onward if one.onward else None
    moments, worked = [perf_counter()], process_time()
    await search.results(desk, number, start or Place())
    moments.append(perf_counter())
    worked = process_time() - worked
    await plain.find(Bare(one.words))
    moments.append(perf_counter())
    ours, theirs = (end - begun for begun, end in pairwise(moments))
    return ours, theirs, worked
