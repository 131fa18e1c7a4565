"""What a process with much to do prepares for: many open vaults, their threads, and a great many objects."""

from __future__ import annotations

import gc
import resource
import sys

TURN = 0.0005  # seconds that a vault's thread waits for Python's lock, to begin a statement and to hand its rows over
FILES = 8192  # open at once: three for each open vault
GARBAGE = (
    20_000,
    20,
    50,
)  # objects, rounds, rounds: a page of history is ten thousand objects, and none is garbage yet


def prepare_process() -> None:
    """Room for many open vaults, short turns for their threads, and no search for garbage in what was imported."""
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    sys.setswitchinterval(TURN)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
