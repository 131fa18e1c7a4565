"""What Wysper takes at rest, and how soon the command line answers, each against the barest program of its kind.

Resident memory of `wysper run` with one open vault and with many, against an aiogram bot that only polls (Linux tells);
and `wysper --help` against a Python that does nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
from asyncio.subprocess import Process
from pathlib import Path
from time import perf_counter

from benchmarks.measuring import Pair, show
from benchmarks.processes import WatchedApi, bare, server, wysper
from benchmarks.shop import configured, found
from bot.clock import SystemClock
from bot.opening import make, opened
from sandbox.world import World

OWNERS = 5_400_000_000  # and upwards
REST = 1.0  # seconds after the first long poll has begun
ROOT = Path(__file__).resolve().parent.parent
MIB = 2**20


async def at_rest(process: Process) -> float:
    """Resident bytes of a process, when its start is over."""
    await asyncio.sleep(REST)
    return _resident(process.pid)


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


async def with_vaults(api: WatchedApi, folder: Path, count: int) -> float:
    """Resident bytes of Wysper with so many workspaces, all of which it opens as it starts."""
    config = configured(folder, api=api.base_url)
    await make(config.storage)
    async with opened(config, SystemClock()) as installation:
        await found(installation, [OWNERS + number for number in range(count)])
    async with wysper(api, config, folder) as process:
        return await at_rest(process)


async def memory(folder: Path, vaults: int) -> tuple[float, float, float]:
    """Resident bytes of the bare bot, of Wysper with one vault, and with many."""
    async with server(World()) as api:
        async with bare(api) as process:
            baseline = await at_rest(process)
        return baseline, await with_vaults(api, folder / "1", 1), await with_vaults(api, folder / "2", vaults)


def starts(rounds: int) -> Pair:
    """Seconds of `./wysper --help` and of an empty Python, in turns."""
    pair = Pair()
    for _round in range(rounds):
        pair.ours.append(_seconds(str(ROOT / "wysper"), "--help"))
        pair.theirs.append(_seconds("-c", "pass"))
    return pair


def _seconds(*arguments: str) -> float:
    start = perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own
    return perf_counter() - start


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vaults", type=int, default=50, help="how many are open (default: %(default)s)")
    parser.add_argument("--starts", type=int, default=20, help="of the command line (default: %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wysper-memory-") as name:
        for folder in ("1", "2"):
            Path(name, folder).mkdir()
        baseline, one, many = asyncio.run(memory(Path(name), options.vaults))
    sizes = {"bare aiogram": baseline, "one vault": one, f"{options.vaults} vaults": many}
    rows = [(what, [f"{size / MIB:.1f}", f"{size / baseline:.2f}"]) for what, size in sizes.items()]
    show("at rest", ["MiB", "ratio"], rows)
    if options.starts:
        pair = starts(options.starts)
        heads = ["median ms", "p95 ms", "python", "python p95", "ratio"]
        show("start", heads, [("wysper --help", [*pair.milliseconds(), f"{pair.ratio:.2f}"])])
    each = (many - one) / max(options.vaults - 1, 1) / MIB
    print(f"\nratio to bare aiogram: {one / baseline:.2f}; {each:.2f} MiB for each further vault")


if __name__ == "__main__":
    main()
