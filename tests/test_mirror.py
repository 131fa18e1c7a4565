"""What the sources saw, in any order, as often as they like, ends in one and the same vault."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import mirror
from crm.seen import File, Gone, Peer, Seen, Source
from storage import search
from storage import settings as choices
from storage.accounts import Account
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.keyring import Keyring
from storage.master_key import MasterKey
from storage.messages import EarlyDeletion, Message, Version
from storage.registry import Registry
from storage.vault import Vault, Vaults

OLGA, ANNA = 100, 200
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@asynccontextmanager
async def a_vault() -> AsyncIterator[Vault]:
    with tempfile.TemporaryDirectory() as folder:
        keyring = Keyring.make(Path(folder) / "keys" / "keyring", MasterKey.make(Path(folder) / "master.key"))
        registry = await Registry.create(Path(folder) / "registry", keyring)
        vaults = Vaults(Path(folder) / "vaults", keyring, registry)
        try:
            await vaults.create(1)
            async with vaults.open(1) as vault:
                async with vault.transaction() as session:
                    session.add(Account(id=OLGA, first_name="Olga", connected_at=NOON))
                yield vault
        finally:
            await vaults.close()
            await registry.close()


@pytest.fixture
async def vault() -> AsyncIterator[Vault]:
    async with a_vault() as one:
        yield one


def anna_writes(number: int, words: str, *, minute: int = 0, edited: int | None = None, **facts: Any) -> Seen:
    """Anna's message to Olga, sent (and perhaps edited) so many minutes after noon."""
    seen = Seen(
        source=Source.BUSINESS,
        account_id=OLGA,
        peer=Peer(ANNA, "Anna", "Berg", username="anna"),
        message_id=number,
        sender_id=ANNA,
        outgoing=False,
        sent_at=NOON + timedelta(minutes=minute),
        edited_at=None if edited is None else NOON + timedelta(minutes=edited),
        text=words,
    )
    return replace(seen, **facts)


def olga_writes(number: int, words: str, *, minute: int = 0) -> Seen:
    return anna_writes(number, words, minute=minute, sender_id=OLGA, outgoing=True)


def by_all(seen: Seen) -> list[Seen]:
    return [replace(seen, source=source) for source in Source]


async def take(vault: Vault, *batch: Seen) -> mirror.Recorded:
    async with vault.transaction() as session:
        return await mirror.record(session, batch, heard_at=NOON)


async def forget(vault: Vault, *numbers: int, minute: int = 30) -> None:
    async with vault.transaction() as session:
        await mirror.record_gone(session, Gone(Source.USERBOT, OLGA, numbers, NOON + timedelta(minutes=minute)))


async def message(vault: Vault, number: int) -> Message:
    async with vault.reading() as session:
        return (await session.exec(select(Message).where(col(Message.message_id) == number))).one()


async def versions(vault: Vault, number: int) -> list[str]:
    async with vault.reading() as session:
        query = select(Version.text).join(Message, col(Message.id) == Version.message)
        return list(await session.exec(query.where(Message.message_id == number).order_by(col(Version.written_at))))


async def found(vault: Vault, words: str) -> list[int]:
    async with vault.reading() as session:
        return [hit.id for hit in await search.find(session, words)]


async def conversation(vault: Vault) -> Conversation:
    async with vault.reading() as session:
        return (await session.exec(select(Conversation))).one()


async def rows(session: AsyncSession, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await (await session.connection()).execute(text(sql))]


async def test_the_same_message_from_every_source_is_one_message(vault: Vault) -> None:
    for seen in by_all(anna_writes(1, "Is the blue one in stock?")):
        await take(vault, seen)
    kept = await message(vault, 1)
    assert (kept.text, kept.business, kept.userbot) == ("Is the blue one in stock?", True, True)
    assert (await conversation(vault)).message_count == 1


async def test_an_edit_keeps_the_earlier_text_and_both_are_told_apart(vault: Vault) -> None:
    await take(vault, anna_writes(1, "Tomorrow at nine"))
    await take(vault, anna_writes(1, "Tomorrow at ten", edited=5))
    assert (await message(vault, 1)).text == "Tomorrow at ten"
    assert await versions(vault, 1) == ["Tomorrow at nine"]


async def test_search_finds_the_new_text_of_an_edited_message_and_no_longer_the_old(vault: Vault) -> None:
    await take(vault, anna_writes(1, "yellow roses"))
    await take(vault, anna_writes(1, "white lilies", edited=1))
    assert await found(vault, "lilies")
    assert not await found(vault, "roses")


async def test_an_edit_in_the_second_of_sending_is_the_younger_text(vault: Vault) -> None:
    await take(vault, anna_writes(1, "tpyo"))
    await take(vault, anna_writes(1, "typo", edited=0))
    await take(vault, anna_writes(1, "tpyo"))
    assert (await message(vault, 1)).text == "typo"
    assert await versions(vault, 1) == ["tpyo"]


async def test_a_reaction_is_no_version_of_an_edited_text(vault: Vault) -> None:
    await take(vault, anna_writes(1, "Tomorrow at nine"))
    await take(vault, anna_writes(1, "Tomorrow at ten", edited=5))
    await take(vault, anna_writes(1, "Tomorrow at ten", touched=True))
    kept = await message(vault, 1)
    assert (kept.text, kept.edited_at) == ("Tomorrow at ten", NOON + timedelta(minutes=5))
    assert await versions(vault, 1) == ["Tomorrow at nine"]


async def test_an_edit_that_brings_another_file_lets_go_of_the_first(vault: Vault) -> None:
    first, second = File("photo", size=10, file_id="first"), File("photo", size=20, file_id="second")
    await take(vault, anna_writes(1, "", kind="photo", file=first))
    await take(vault, anna_writes(1, "", kind="photo", file=second, edited=5))
    async with vault.reading() as session:
        assert await rows(session, "SELECT size, file_id FROM media") == [(20, "second")]


async def test_a_deleted_message_stays_readable_with_the_time_of_its_deletion(vault: Vault) -> None:
    await take(vault, anna_writes(1, "never mind"))
    await forget(vault, 1)
    kept = await message(vault, 1)
    assert (kept.text, kept.deleted_at) == ("never mind", NOON + timedelta(minutes=30))


async def test_a_deletion_that_comes_before_its_message_waits_for_it(vault: Vault) -> None:
    await forget(vault, 1)
    await take(vault, anna_writes(1, "never mind"))
    assert (await message(vault, 1)).deleted_at == NOON + timedelta(minutes=30)
    async with vault.reading() as session:
        assert not (await session.exec(select(EarlyDeletion))).all()


async def test_where_the_workspace_erases_deletions_no_word_of_them_is_left(vault: Vault) -> None:
    async with vault.transaction() as session:
        await choices.write(session, mirror.KEEP_DELETED, value=False)
    photo = File("photo", name="passport.jpg", file_id="f1")
    await take(vault, anna_writes(1, "my passport", kind="photo", file=photo))
    await forget(vault, 1)
    await take(vault, anna_writes(1, "my passport", kind="photo", file=photo))
    await forget(vault, 2)
    await take(vault, anna_writes(2, "my passport again"))
    assert [(await message(vault, number)).text for number in (1, 2)] == ["", ""]
    assert not await found(vault, "passport")
    async with vault.reading() as session:
        assert not await rows(session, "SELECT * FROM media")


async def test_a_client_waits_from_the_first_unanswered_message_until_the_answer(vault: Vault) -> None:
    await take(vault, olga_writes(1, "Welcome!"), anna_writes(2, "Hello", minute=1), anna_writes(3, "?", minute=2))
    assert (await conversation(vault)).waiting_since == NOON + timedelta(minutes=1)
    await take(vault, olga_writes(4, "Yes?", minute=3))
    assert (await conversation(vault)).waiting_since is None


async def test_a_card_follows_the_newest_name_and_not_an_old_message(vault: Vault) -> None:
    await take(vault, anna_writes(5, "Married!", minute=9, peer=Peer(ANNA, "Anna", "Lind", phone="+4670")))
    await take(vault, anna_writes(1, "Hello", minute=1))
    async with vault.reading() as session:
        card = (await session.exec(select(Contact))).one()
    assert (card.name, card.phone) == ("Anna Lind", "+4670")
    assert await found(vault, "lind")


async def test_each_source_adds_its_own_road_to_the_same_file(vault: Vault) -> None:
    await take(vault, anna_writes(1, "", kind="photo", file=File("photo", file_id="bot handle")))
    await take(vault, anna_writes(1, "", kind="photo", source=Source.USERBOT, file=File("photo", userbot={"id": 7})))
    async with vault.reading() as session:
        assert await rows(session, "SELECT file_id, userbot FROM media") == [("bot handle", '{"id": 7}')]


async def test_an_import_brings_nothing_back_and_changes_nothing_that_was_seen_since(vault: Vault) -> None:
    await take(vault, anna_writes(1, "Tomorrow at ten", edited=5), anna_writes(2, "never mind"))
    await forget(vault, 2)
    old_name = Peer(ANNA, "Anna Bergmann")
    exported = [anna_writes(1, "Tomorrow at nine"), anna_writes(2, "never mind")]
    await take(vault, *(replace(seen, source=Source.IMPORT, peer=old_name) for seen in exported))
    assert (await message(vault, 1)).text == "Tomorrow at ten"
    assert await versions(vault, 1) == ["Tomorrow at nine"]
    assert (await message(vault, 2)).deleted_at is not None
    assert not (await found(vault, "bergmann"))


async def test_formatting_that_a_file_tells_roughly_is_no_version(vault: Vault) -> None:
    bold = [{"type": "bold", "offset": 0, "length": 4}]
    for first, second in ((Source.IMPORT, Source.USERBOT), (Source.USERBOT, Source.IMPORT)):
        number = 1 + (first is Source.USERBOT)
        for source in (first, second):
            entities = bold if source is Source.USERBOT else []
            await take(vault, anna_writes(number, "blue", source=source, entities=entities))
        assert (await message(vault, number)).entities == bold
        assert not await versions(vault, number)
