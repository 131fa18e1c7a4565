"""Contacts that look like one person: the same phone, username or nearly the same name, whatever its letters are."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from sqlmodel import col, select

from crm import audit
from crm.access import Desk, Power, contact_for
from storage import merges, phones
from storage.contacts import Contact, by_name
from storage.merges import Facts

NEAR = 88  # of 100, by which two names are alike
WORDS = 2  # that a name must have, so that not every Anna is every other
CROWD = 400  # people of like initials; among more, only equal names are compared
MOST = 30  # pairs that are shown


class Why(StrEnum):
    """What two contacts have in common."""

    PHONE = "phone"
    USERNAME = "username"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Double:
    """Two contacts that may be one person, the older one first."""

    one: Contact
    other: Contact
    why: Why


async def listing(desk: Desk) -> list[Double]:
    """The likeliest doubles, without those that were said to be two people."""
    desk.need(Power.READ)
    desk.need_identities()
    async with desk.reading() as session:
        everybody, apart = await merges.people(session), await merges.apart(session)
        others = await phones.everyones(session)
        pairs = await asyncio.to_thread(_pairs, everybody, others, apart)
        ids = {number for pair, _why in pairs for number in pair}
        known = {one.id: one for one in await session.exec(select(Contact).where(col(Contact.id).in_(ids)))}
    return [Double(known[low], known[high], why) for (low, high), why in pairs]


async def dismiss(desk: Desk, one: int, other: int) -> None:
    """These are two people; they are never suggested again. Raises NotFound."""
    desk.need(Power.WRITE)
    desk.need_identities()
    async with desk.transaction() as session:
        for contact_id in (one, other):
            await contact_for(desk, session, contact_id)
        await merges.keep_apart(session, one, other)
        audit.record(desk, session, "contact.apart", f"contact:{one}", other=other)


async def candidates(desk: Desk, contact_id: int, words: str) -> Sequence[Contact]:
    """Other contacts by a part of their name, a username or a phone."""
    desk.need(Power.READ)
    desk.need_identities()
    async with desk.reading() as session:
        return [one for one in await by_name(session, words, MOST) if one.id != contact_id and not one.is_group]


def _pairs(
    everybody: Sequence[Facts], others: Sequence[tuple[int, str]], apart: set[tuple[int, int]]
) -> list[tuple[tuple[int, int], Why]]:
    found: dict[tuple[int, int], Why] = {}
    for why, pairs in (
        (Why.PHONE, _by_phone(everybody, others)),
        (Why.USERNAME, _by_username(everybody)),
        (Why.NAME, _by_name(everybody)),
    ):
        for one, other in pairs:
            pair = min(one, other), max(one, other)
            if pair not in apart:
                found.setdefault(pair, why)
            if len(found) >= MOST:
                return list(found.items())
    return list(found.items())


def _by_phone(everybody: Sequence[Facts], others: Sequence[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Main phones, and those kept beside them."""
    owners: dict[str, dict[int, None]] = defaultdict(dict)
    main = [(number, phone) for number, _first, _last, phone, _username in everybody if phone]
    there = {number for number, *_names in everybody}
    for number, phone in (*main, *others):
        if number in there:
            owners[phone.lstrip("+")][number] = None
    for same in owners.values():
        yield from combinations(same, 2)


def _by_username(everybody: Sequence[Facts]) -> Iterator[tuple[int, int]]:
    """Telegram gives one to a single person: the other has it from a file, or had it before."""
    owners: dict[str, list[int]] = defaultdict(list)
    for number, _first, _last, _phone, username in everybody:
        if username:
            owners[username.casefold()].append(number)
    for same in owners.values():
        yield from combinations(same, 2)


def _by_name(everybody: Sequence[Facts]) -> Iterator[tuple[int, int]]:
    """Names are compared with their words in order, in Latin letters, among those with the same initials."""
    from anyascii import anyascii  # noqa: PLC0415  its tables take memory, and few look for doubles
    from rapidfuzz import fuzz  # noqa: PLC0415  as above

    alike: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for number, first, last, _phone, _username in everybody:
        words = sorted("".join(filter(str.isalnum, word)) for word in anyascii(f"{first} {last or ''}").lower().split())
        words = [word for word in words if word]
        if len(words) >= WORDS:
            alike["".join(word[0] for word in words)].append((" ".join(words), number))
    for names in alike.values():
        for (name, one), (other_name, other) in combinations(names, 2):
            if name == other_name or (len(names) <= CROWD and fuzz.ratio(name, other_name, score_cutoff=NEAR)):
                yield one, other
