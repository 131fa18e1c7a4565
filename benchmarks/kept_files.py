"""How fast a file is kept, encrypted and read back, against a plain copy that is put in place as carefully."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks.measuring import Pair, show
from storage import durable
from storage.media_store import PIECE, MediaStore

MIB = 2**20


def timed(work: Callable[[], object], size: int) -> float:
    """Mebibytes a second."""
    begun = perf_counter()
    work()
    return size / MIB / (perf_counter() - begun)


def keep(store: MediaStore, content: bytes) -> None:
    """Ours: encrypted, with its digest."""
    draft = store.draft()
    for at in range(0, len(content), PIECE):
        draft.write(content[at : at + PIECE])
    draft.keep()


def copy(path: Path, content: bytes) -> None:
    """The baseline: written aside in the same pieces, on the disk, renamed."""
    aside = path.with_suffix(".new")
    with aside.open("wb") as file:
        for at in range(0, len(content), PIECE):
            file.write(content[at : at + PIECE])
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
    durable.sync_folder(path.parent)


def read(path: Path) -> None:
    """The baseline's way back."""
    with path.open("rb") as file:
        while file.read(PIECE):
            pass


def compare(folder: Path, size: int, rounds: int) -> tuple[Pair, Pair]:
    """Keeping and reading, ours and the plain copy in turns."""
    store, plain = MediaStore(folder / "w1.media", os.urandom(32), os.urandom(32), 1), folder / "plain"
    keeping, reading = Pair(), Pair()
    for _ in range(rounds):
        content = os.urandom(size)
        keeping.ours.append(timed(partial(keep, store, content), size))
        keeping.theirs.append(timed(partial(copy, plain, content), size))
        (name,) = store.ages()
        reading.ours.append(timed(partial(deque, store.read(name), 0), size))
        reading.theirs.append(timed(partial(read, plain), size))
        store.remove(name)
    return keeping, reading


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20, help="of the file, in MiB (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=9, help="times that each is measured (default: %(default)s)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        keeping, reading = compare(Path(folder), chosen.size * MIB, chosen.rounds)
    middle = chosen.rounds // 2
    rows = [
        (name, [f"{sorted(pair.ours)[middle]:,.0f}", f"{sorted(pair.theirs)[middle]:,.0f}", f"{pair.ratio:.2f}"])
        for name, pair in (("keep", keeping), ("read back", reading))
    ]
    show(f"a file of {chosen.size} MiB", ["ours MiB/s", "plain MiB/s", "ratio"], rows)
    print(f"\nratio to a plain copy: {keeping.ratio:.2f} kept, {reading.ratio:.2f} read back")


if __name__ == "__main__":
    main()
