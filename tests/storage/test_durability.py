"""The worst moments: what was acknowledged before a kill is there afterwards."""

import asyncio
import sys
from pathlib import Path

from sqlalchemy import text

from storage import settings
from tests.storage.conftest import House

ROOT = Path(__file__).parents[2]
WRITER = """
import asyncio, sys
from pathlib import Path
from storage import settings
from tests.storage.conftest import House

async def main():
    house = await House.enter(Path(sys.argv[1]))
    async with house.vaults.open(1) as vault:
        async with vault.reading() as session:
            count = await settings.read(session, "count", 0)
        while True:
            count += 1
            async with vault.transaction() as session:
                await settings.write(session, "count", count)
                await settings.write(session, f"row {count}", "x" * 2000)
            print(count, flush=True)
            if count % 10 == 0:
                await house.vaults.seal()

asyncio.run(main())
"""


async def test_nothing_acknowledged_is_lost_when_the_process_is_killed(house: House) -> None:
    await house.vaults.create(1)
    await house.leave()
    acknowledged = 0
    for cycle in range(4):
        writer = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WRITER, str(house.folder), stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )
        assert writer.stdout is not None
        for _ in range(7 + 9 * cycle):
            acknowledged = int(await writer.stdout.readline())
        writer.kill()
        rest, _ = await writer.communicate()
        acknowledged = int(rest.split()[-1]) if rest.endswith(b"\n") else acknowledged
        after = await House.enter(house.folder)
        async with after.vaults.open(1) as vault, vault.reading() as session:
            rows = await session.scalar(text("SELECT count(*) FROM settings WHERE name LIKE 'row %'"))
            assert rows in (acknowledged, acknowledged + 1)
            assert await settings.read(session, "count", 0) == rows
            assert await session.scalar(text("PRAGMA cipher_integrity_check")) is None
            assert await session.scalar(text("PRAGMA integrity_check")) == "ok"
        await after.leave()
