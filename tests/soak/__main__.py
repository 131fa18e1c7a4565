"""The command: `python -m tests.soak --cycles 100 --seed 1`; the exit code is 1 where the vault is not the world."""

from __future__ import annotations

import argparse
import asyncio
import sys
from time import monotonic

from tests.soak.soak import Unlike, soak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1, help="the same days, though not the same moments")
    chosen = parser.parse_args()
    begun = monotonic()

    def over(cycles: int) -> None:
        print(f"\r{cycles} of {chosen.cycles}", end="", file=sys.stderr, flush=True)  # noqa: T201  a command

    try:
        summary = asyncio.run(soak(chosen.cycles, chosen.seed, after_each=over))
    except Unlike as unlike:
        sys.exit(f"\n{unlike}")
    print(f"\n{summary}\nin {monotonic() - begun:.0f} s")  # noqa: T201  a command


if __name__ == "__main__":
    main()
