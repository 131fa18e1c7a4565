"""What the registry remembers is what stands in it."""

import asyncio
from datetime import UTC, datetime

from storage.people import Person
from storage.registry import Registry
from tests.storage.conftest import House

OLGA = 5_200_000_001


async def writes(registry: Registry, name: str) -> None:
    async with registry.transaction() as session:
        await session.merge(Person(id=OLGA, first_name=name, first_seen_at=datetime(2024, 3, 8, tzinfo=UTC)))


async def recalled(registry: Registry) -> str | None:
    person = await registry.recall(Person, OLGA)
    return person.first_name if person else None


async def test_who_came_in_is_known_with_the_next_update(house: House) -> None:
    assert await recalled(house.registry) is None
    await writes(house.registry, "Olga")
    assert await recalled(house.registry) == "Olga"


async def test_what_is_remembered_is_read_without_the_file(house: House) -> None:
    await writes(house.registry, "Olga")
    await recalled(house.registry)
    await house.registry.close()
    assert await recalled(house.registry) == "Olga"


async def test_who_changes_his_copy_changes_nobody_elses(house: House) -> None:
    await writes(house.registry, "Olga")
    mine = await house.registry.recall(Person, OLGA)
    assert mine is not None
    mine.first_name = "Mallory"
    assert await recalled(house.registry) == "Olga"


async def test_nobody_reads_less_than_was_written_before_he_asked(house: House) -> None:
    written = 0

    async def reads() -> None:
        while written < 60:
            before = written
            assert int(await recalled(house.registry) or 0) >= before
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for _reader in range(3):
            group.create_task(reads())
        for number in range(1, 61):
            await writes(house.registry, str(number))
            written = number


async def test_after_a_write_that_was_cut_short_nothing_is_remembered_until_the_next_one(house: House) -> None:
    for trips in range(12):
        async with asyncio.TaskGroup() as group:
            cut_short = group.create_task(writes(house.registry, f"cut after {trips}"))
            for _trip in range(trips):
                await asyncio.sleep(0)
            cut_short.cancel()
        await recalled(house.registry)
        async with house.registry.reading() as session:
            there = await session.get(Person, OLGA)
        assert await recalled(house.registry) == (there.first_name if there else None)
    await writes(house.registry, "Olga")
    assert await recalled(house.registry) == "Olga"
