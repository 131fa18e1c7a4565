"""Vaults in daily use: opened, shared, closed for room, rolled back, shredded, and never silent about a bad file."""

import asyncio
import hashlib
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlcipher3 import dbapi2 as sqlcipher
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import dialect, errors, settings
from storage.schema import METADATA
from storage.seals import Seal
from storage.settings import Setting
from storage.vault import Vault, Vaults
from tests.storage.conftest import House


async def note_down(vault: Vault, name: str, value: str = "x") -> None:
    async with vault.transaction() as session:
        await settings.write(session, name, value)


async def noted(vault: Vault) -> list[str]:
    async with vault.reading() as session:
        return list(await session.exec(select(Setting.name).order_by(Setting.name)))


async def run_sql(session: AsyncSession, statement: str) -> None:
    await (await session.connection()).exec_driver_sql(statement)


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def test_what_was_written_is_there_after_a_restart(house: House) -> None:
    await house.vaults.create(1)
    async with house.vaults.open(1) as vault:
        await note_down(vault, "a")
    await house.leave()
    again = await House.enter(house.folder)
    async with again.vaults.open(1) as vault:
        assert await noted(vault) == ["a"]
    await again.leave()


async def test_a_failed_transaction_leaves_nothing_behind(vault: Vault) -> None:
    async def stumble() -> None:
        async with vault.transaction() as session:
            await settings.write(session, "a", "x")
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stumble()
    assert await noted(vault) == []


async def test_a_reader_sees_one_moment_and_cannot_write(vault: Vault) -> None:
    async with vault.reading() as session:
        count = text("SELECT count(*) FROM settings")
        assert await session.scalar(count) == 0
        await note_down(vault, "a")
        assert await session.scalar(count) == 0
        with pytest.raises(errors.StorageUnavailable):
            async with vault.reading() as other:
                await run_sql(other, "DELETE FROM settings")
    assert await noted(vault) == ["a"]


async def test_writers_take_turns(vault: Vault) -> None:
    async def count_up() -> None:
        async with vault.transaction() as session:
            value = int(await settings.read(session, "n", 0))
            await asyncio.sleep(0)
            await settings.write(session, "n", value + 1)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(20):
            tasks.create_task(count_up())
    async with vault.reading() as session:
        assert await settings.read(session, "n", 0) == 20


async def test_a_transaction_inside_a_transaction_is_a_mistake_at_once(vault: Vault) -> None:
    async with vault.transaction():
        with pytest.raises(RuntimeError):
            async with vault.transaction():
                pass


async def test_a_broken_constraint_is_the_callers_to_handle(vault: Vault) -> None:
    await note_down(vault, "a")
    with pytest.raises(IntegrityError) as caught:
        async with vault.transaction() as session:
            session.add(Setting(name="a", value="a client's words"))
    assert "client" not in str(caught.value)
    await note_down(vault, "b")


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.mark.parametrize("way", ["transaction", "reading"])
async def test_a_cancelled_query_stops_and_leaves_the_vault_usable(vault: Vault, way: str) -> None:
    started = asyncio.Event()

    async def ask() -> None:
        async with getattr(vault, way)() as session:
            await session.scalar(text("SELECT 1"))
            started.set()
            await session.scalar(text(ENDLESS))

    for _ in range(4):
        started.clear()
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(ask())
            await started.wait()
            task.cancel()
    await note_down(vault, "a")
    assert await noted(vault) == ["a"]


async def test_people_who_open_a_vault_together_share_it(house: House) -> None:
    await house.vaults.create(1)
    seen: list[Vault] = []
    all_in = asyncio.Barrier(5)

    async def visit() -> None:
        async with house.vaults.open(1) as vault:
            await all_in.wait()
            seen.append(vault)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(5):
            tasks.create_task(visit())
    assert len({id(vault) for vault in seen}) == 1


async def test_the_longest_unused_vault_makes_room_and_a_leased_one_stays(house: House) -> None:
    for workspace in (1, 2, 3):
        await house.vaults.create(workspace)
    few = Vaults(house.vaults.folder, house.keyring, house.registry, limit=1)
    async with few.open(1) as held:
        async with few.open(2) as second:
            await note_down(second, "two")
        await note_down(held, "one")
    async with few.open(3):
        with pytest.raises(errors.VaultClosed):
            await note_down(held, "again")
        async with few.open(1) as fresh:
            assert await noted(fresh) == ["one"]
    await few.close()


async def test_a_workspace_without_a_key_has_no_vault(house: House) -> None:
    with pytest.raises(errors.KeyUnknown) as caught:
        async with house.vaults.open(77):
            pass
    assert caught.value.workspace_id == 77


async def test_a_vault_is_never_made_over_another(house: House) -> None:
    await house.vaults.create(1)
    with pytest.raises(errors.VaultExists):
        await house.vaults.create(1)


async def test_making_a_vault_goes_on_after_a_crash_half_way(house: House) -> None:
    house.keyring.create(1)
    (house.vaults.folder / "w1.vault.new").write_bytes(b"half of one")
    await house.vaults.create(1)
    async with house.vaults.open(1) as vault:
        assert await noted(vault) == []
    assert [path.name for path in house.vaults.folder.iterdir() if ".new" in path.name] == []


async def test_files_are_for_their_owner_alone(house: House) -> None:
    await house.vaults.create(1)
    async with house.vaults.open(1) as vault:
        await note_down(vault, "a")
        modes = {path.name: path.stat().st_mode & 0o777 for path in house.vaults.folder.iterdir()}
    assert modes == {"w1.vault": 0o600, "w1.vault-wal": 0o600, "w1.vault-shm": 0o600}
    assert house.vaults.folder.stat().st_mode & 0o777 == 0o700


async def test_a_shredded_workspace_leaves_no_file_and_no_key(house: House) -> None:
    for workspace in (1, 11):
        await house.vaults.create(workspace)
    async with house.vaults.open(1) as vault:
        await note_down(vault, "a")
    await house.vaults.seal()
    copy = shutil.copy(house.vaults.path(1), house.folder / "backup")
    await house.vaults.shred(1)
    await house.vaults.shred(1)
    assert [path.name for path in house.vaults.folder.iterdir()] == ["w11.vault"]
    with pytest.raises(errors.KeyUnknown):
        async with house.vaults.open(1):
            pass
    async with house.registry.reading() as session:
        assert list(await session.exec(select(Seal.workspace_id))) == []
    with pytest.raises(errors.VaultUnreadable):
        dialect.open_file(Path(copy), house.keyring.key(11))


async def test_an_older_copy_of_a_vault_is_noticed_and_can_be_accepted(house: House) -> None:
    await house.vaults.create(1)
    async with house.vaults.open(1) as vault:
        await note_down(vault, "first")
    await house.vaults.close()
    path = house.vaults.path(1)
    older = path.read_bytes()
    async with house.vaults.open(1) as vault:
        await note_down(vault, "second")
    await house.vaults.close()
    path.write_bytes(older)
    with pytest.raises(errors.VaultRolledBack) as caught:
        async with house.vaults.open(1):
            pass
    assert (caught.value.expected, caught.value.found) == (2, 1)
    await house.vaults.accept(1)
    async with house.vaults.open(1) as vault:
        assert await noted(vault) == ["first"]


async def test_a_rollback_is_noticed_after_a_seal_without_any_closing(house: House, tmp_path: Path) -> None:
    await house.vaults.create(1)
    older = house.vaults.path(1).read_bytes()
    async with house.vaults.open(1) as vault:
        await note_down(vault, "a")
        await house.vaults.seal()
        await house.vaults.seal()
        assert await vault.seals() == 1
        as_a_crash_leaves_it = shutil.copytree(tmp_path, tmp_path.with_name("crashed"))
    after = await House.enter(as_a_crash_leaves_it)
    async with after.vaults.open(1) as vault:
        assert await noted(vault) == ["a"]
    await after.vaults.close()
    after.vaults.path(1).write_bytes(older)
    with pytest.raises(errors.VaultRolledBack):
        async with after.vaults.open(1):
            pass
    await after.leave()


async def test_a_caller_may_hold_the_registry_while_vaults_make_room(house: House) -> None:
    for workspace in (1, 2):
        await house.vaults.create(workspace)
    few = Vaults(house.vaults.folder, house.keyring, house.registry, limit=1)
    async with house.registry.transaction():
        for workspace in (1, 2, 1):
            async with few.open(workspace) as vault:
                await note_down(vault, "a")
                assert await noted(vault) == ["a"]
    await few.close()


def emptied(data: bytes) -> bytes:
    return data[:0]


def cut_short(data: bytes) -> bytes:
    return data[: len(data) // 2]


def garbage(data: bytes) -> bytes:
    return b"no vault at all " * (len(data) // 16)


def other_page(data: bytes) -> bytes:
    return data[:8192] + data[12288:16384] + data[8192:12288] + data[16384:]


async def read_all(house: House) -> None:
    async with house.vaults.open(1) as vault, vault.reading() as session:
        for table in METADATA["vault"].tables:
            await session.scalar(text(f"SELECT count(*), * FROM {table}"))  # noqa: S608  our own names


@pytest.mark.parametrize(
    ("harm", "kinds"),
    [
        (None, errors.VaultMissing),
        (emptied, errors.VaultMissing),
        (cut_short, errors.VaultDamaged),
        (garbage, errors.VaultUnreadable),
        (other_page, errors.VaultDamaged),
    ],
)
async def test_a_bad_file_is_named_and_left_as_it_is(
    house: House, harm: Callable[[bytes], bytes] | None, kinds: type[errors.StorageError]
) -> None:
    await house.vaults.create(1)
    path = house.vaults.path(1)
    if harm is None:
        path.unlink()
    else:
        path.write_bytes(harm(path.read_bytes()))
    before = fingerprint(path) if harm else None
    with pytest.raises(kinds) as caught:
        await read_all(house)
    assert caught.value.workspace_id == 1
    assert harm is None or fingerprint(path) == before
    assert path.exists() == (harm is not None)


async def test_a_vault_under_a_wrong_key_is_named_and_left_as_it_is(house: House) -> None:
    for workspace in (1, 2):
        await house.vaults.create(workspace)
    shutil.copy(house.vaults.path(1), house.vaults.path(2))
    before = fingerprint(house.vaults.path(2))
    with pytest.raises(errors.VaultUnreadable):
        async with house.vaults.open(2):
            pass
    assert fingerprint(house.vaults.path(2)) == before


async def test_a_file_of_a_newer_program_is_left_alone(house: House) -> None:
    await house.vaults.create(1)
    async with house.vaults.open(1) as vault, vault.transaction() as session:
        await run_sql(session, "UPDATE alembic_version SET version_num = '9999'")
    await house.vaults.close()
    before = fingerprint(house.vaults.path(1))
    with pytest.raises(errors.VaultTooNew) as caught:
        async with house.vaults.open(1):
            pass
    assert caught.value.found == "9999"
    assert fingerprint(house.vaults.path(1)) == before


async def test_after_a_page_failed_its_check_the_next_reader_gets_a_new_connection(vault: Vault) -> None:
    async with vault.transaction() as session:
        await session.run_sync(lambda sync: sync.add_all(Setting(name=f"{n}", value="x" * 500) for n in range(400)))
    await vault.close()
    whole = vault.path.read_bytes()
    page = len(whole) - 20 * 4096
    vault.path.write_bytes(whole[:page] + bytes(4096) + whole[page + 4096 :])
    damaged = Vault(vault.path, vault._keyring, vault.id)  # noqa: SLF001  opened past the check of its seal
    everything = text("SELECT count(*), sum(length(value)) FROM settings")
    with pytest.raises(errors.VaultDamaged):
        async with damaged.reading() as session:
            await session.scalar(everything)
    vault.path.write_bytes(whole)
    async with damaged.reading() as session:
        assert await session.scalar(everything) == 400
    await damaged.close()


async def test_a_vault_held_by_another_process_is_busy(
    vault: Vault, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "BUSY_SECONDS", 0.05)
    holder = dialect.open_file(vault.path, house.keyring.key(1))
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(errors.VaultBusy):
        await note_down(vault, "a")
    holder.execute("ROLLBACK")
    holder.close()
    await note_down(vault, "a")


async def test_a_full_disk_changes_nothing_and_reading_goes_on(vault: Vault) -> None:
    await note_down(vault, "a")
    async with vault.transaction() as session:
        pages = await session.scalar(text("PRAGMA page_count"))
        await run_sql(session, f"PRAGMA max_page_count = {pages}")
    with pytest.raises(errors.StorageFull):
        await note_down(vault, "b", "x" * 100_000)
    assert await noted(vault) == ["a"]
    async with vault.transaction() as session:
        await run_sql(session, "PRAGMA max_page_count = 4294967294")
    await note_down(vault, "c")


async def test_every_flipped_bit_is_noticed(house: House) -> None:
    await house.vaults.create(1)
    async with house.vaults.open(1) as vault, vault.transaction() as session:
        await session.run_sync(lambda sync: sync.add_all(Setting(name=f"{n}", value="x" * 200) for n in range(200)))
    await house.vaults.close()
    path, key = house.vaults.path(1), house.keyring.key(1)
    whole = path.read_bytes()
    for place in range(5, len(whole), len(whole) // 60):
        harmed = bytearray(whole)
        harmed[place] ^= 1 << place % 8
        path.write_bytes(harmed)
        try:
            connection = dialect.open_file(path, key)
        except (errors.VaultUnreadable, sqlcipher.DatabaseError):
            continue
        assert connection.execute("PRAGMA cipher_integrity_check").fetchall(), place
        connection.close()
    path.write_bytes(whole)


async def test_the_key_shows_nowhere(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await house.vaults.create(1)
    key = house.keyring.key(1)
    async with house.vaults.open(1) as vault:
        await note_down(vault, "a")
        with pytest.raises(errors.VaultBusy) as caught:
            raise errors.VaultBusy(vault.path, workspace_id=1)
        shown = f"{vault!r} {vars(vault)} {house.keyring!r} {vault._writer!r} {caught.value}"  # noqa: SLF001
    for form in (key.hex(), key.hex().upper(), repr(key)[2:-1]):
        assert form not in shown + caplog.text
