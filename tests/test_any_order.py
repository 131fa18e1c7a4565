"""Any mixture of sources, any order and any repetition of what they saw ends in one and the same vault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import takewhile
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import conversations, mirror, reactions
from crm.seen import VANISHES, File, Gone, Reacted, Reactions, Read, Seen, Source
from storage import search
from storage.vault import Vault
from tests.test_mirror import ANNA, NOON, OLGA, a_vault, anna_writes, by_all, rows, take
from userbot.reactions import uncounted

Sight = Seen | Gone | Reacted | Read
SIGNS = st.lists(st.sampled_from(["👍", "🔥", "5368324170671202286"]), unique=True, max_size=2)


def put(signs: Sequence[str], minute: int) -> Reactions:
    """What stands under a message so many minutes after noon."""
    told = [{"type": "emoji", "emoji": sign, "count": 1, "by": [OLGA]} for sign in signs]
    return Reactions(told, NOON + timedelta(minutes=minute))


def sights(seen: Seen, standing: Reactions, *, told: bool) -> Iterator[Sight]:
    """How each source shows a message; an export tells of reactions, where there are any, as old as themselves."""
    for one in by_all(seen):
        match one.source:
            case Source.BUSINESS if told:
                yield one
            case Source.USERBOT:
                yield replace(one, reactions=standing)
                yield Reacted(ANNA, seen.message_id, replace(standing, as_of=uncounted(standing.as_of)))
            case Source.IMPORT:
                yield replace(one, reactions=standing if standing.signs else None)


@st.composite
def message(draw: st.DrawFn, number: int) -> list[Sight]:
    """All sights of one message: its texts and what stood under it, minute by minute, and its deletion."""
    outgoing, file = draw(st.booleans()), draw(st.booleans())
    seen = anna_writes(number, "", minute=number, outgoing=outgoing, sender_id=OLGA if outgoing else ANNA)
    if file:
        seen = replace(seen, kind="photo", file=File("photo", size=99))
    found: list[Sight] = []
    signs: list[str] = []
    for minute in sorted({number, *draw(st.sets(st.integers(60, 110), max_size=3))}):
        edited = minute > number and draw(st.booleans())
        signs = signs if edited else draw(SIGNS)
        if edited or minute == number:
            words = f"{number} {draw(st.sampled_from(['', 'blue', 'red', 'ё 你好']))} {minute}"
            seen = replace(seen, text=words, edited_at=NOON + timedelta(minutes=minute) if edited else None)
        only_touched = minute > number and seen.edited_at is None
        told = edited or minute == number
        found += sights(replace(seen, touched=only_touched), put(signs, minute), told=told)
    if draw(st.booleans()):
        found.append(Gone(Source.USERBOT, OLGA, (number,), NOON + timedelta(hours=draw(st.integers(3, 9)))))
    lock = draw(st.none() | st.sampled_from(Source))
    return [with_road(one, protected=one.source is lock) if isinstance(one, Seen) else one for one in found]


def with_road(seen: Seen, *, protected: bool) -> Seen:
    """As its source shows it: with its own way to the file."""
    roads: dict[Source, dict[str, Any]] = {Source.BUSINESS: {"file_id": "f"}, Source.USERBOT: {"userbot": {"id": 7}}}
    file = replace(seen.file, **roads.get(seen.source, {})) if seen.file else None
    return replace(seen, file=file, protected=protected)


@st.composite
def self_destructing(draw: st.DrawFn, number: int) -> list[Sight]:
    """A photo of which one source does not know that it destroys itself."""
    photo = File("photo", size=99, file_id="f")
    shown = anna_writes(number, f"{number} blue", minute=number, kind="photo", file=photo)
    known = replace(shown, text="", file=None, extra={VANISHES: True})
    standing = put(draw(SIGNS), number)
    seen_by = draw(st.sampled_from([Source.USERBOT, Source.IMPORT]))
    return [shown, *(one for one in sights(known, standing, told=False) if getattr(one, "source", seen_by) is seen_by)]


@st.composite
def happenings(draw: st.DrawFn) -> list[Sight]:
    """What really happened in a chat, as every sight of it that a source may have."""
    found: list[Sight] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        found += draw(self_destructing(number) if draw(st.integers(0, 3)) == 0 else message(number))
    marks = st.builds(Read, st.just(ANNA), st.none() | st.integers(0, 4), st.none() | st.integers(0, 4))
    return found + draw(st.lists(marks, max_size=3))


async def tell_one(session: AsyncSession, sight: Sight) -> None:
    """What is told without a message."""
    match sight:
        case Gone():
            await mirror.record_gone(session, sight)
        case Reacted():
            await reactions.record(session, OLGA, [sight])
        case Read():
            await conversations.read(session, OLGA, [sight])


async def tell(told: Sequence[Sight], batches: Sequence[int]) -> dict[str, list[Any]]:
    """Tell a fresh vault all of it, in batches of these sizes, and read back what it made of it."""
    async with a_vault() as vault:
        await take(
            vault, anna_writes(1000, "Good evening", minute=200)
        )  # the chat is known: so it is before it is read
        sizes = iter([*batches, *[1] * len(told)])
        waiting = list(told)
        while waiting:
            if not isinstance(waiting[0], Seen):
                async with vault.transaction() as session:
                    await tell_one(session, waiting.pop(0))
                continue
            messages = takewhile(lambda sight: isinstance(sight, Seen), waiting[: next(sizes)])
            batch = [sight for sight in messages if isinstance(sight, Seen)]
            del waiting[: len(batch)]
            await take(vault, *batch)
        return await contents(vault)


async def contents(vault: Vault) -> dict[str, list[Any]]:
    """Everything but row numbers."""
    queries = {
        "messages": "SELECT message_id, kind, text, sent_at, edited_at, deleted_at, outgoing, protected,"
        " (SELECT group_concat(fact) FROM (SELECT key || value AS fact FROM json_each(extra) ORDER BY key)),"
        " json(reactions), business, userbot FROM messages",
        "versions": "SELECT DISTINCT m.message_id, v.text, v.written_at"
        " FROM message_versions v JOIN messages m ON m.id = v.message",
        "media": "SELECT m.message_id, media.kind, media.size, media.file_id, json(media.userbot), media.kept"
        " FROM media JOIN messages m ON m.id = media.message",
        "conversations": "SELECT message_count, first_message_at, last_message_at, waiting_since, read_inbox_id,"
        " read_outbox_id, protected FROM conversations",
        "contacts": "SELECT telegram_id, first_name, last_message_at FROM contacts",
    }
    async with vault.reading() as session:
        left: dict[str, list[Any]] = {
            name: sorted(map(repr, await rows(session, sql))) for name, sql in queries.items()
        }
        left["found"] = [len(await search.find(session, word)) for word in ("blue", "red", "你好", "1")]
        return left


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
async def test_any_order_and_repetition_of_what_was_seen_ends_in_the_same_vault(data: st.DataObject) -> None:
    happened = data.draw(happenings())
    shuffled = data.draw(st.permutations(happened + data.draw(st.lists(st.sampled_from(happened), max_size=5))))
    sizes = data.draw(st.lists(st.integers(1, 6), max_size=len(shuffled)))
    assert await tell(shuffled, sizes) == await tell(happened, [])
