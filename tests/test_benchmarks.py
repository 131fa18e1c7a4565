"""Figures can still be made: on sizes at which they say nothing but that the command works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("command", "sizes"),
    [
        ("kept_files", ["--size", "1", "--rounds", "1"]),
        ("imports", ["--messages", "50", "--rounds", "1"]),
        ("live", ["--presses", "2", "--rate", "5", "--seconds", "1", "--clients", "2"]),
        ("memory", ["--vaults", "2", "--starts", "0"]),
        ("search", ["--messages", "200", "--rounds", "1", "--questions", "4"]),
        ("topics", ["--clients", "3", "--messages", "12", "--seconds", "2"]),
        ("update_latency", ["--people", "1", "--updates", "1"]),
    ],
)
def test_a_benchmark_ends_with_its_ratio_to_the_baseline(command: str, sizes: list[str]) -> None:
    ended = subprocess.run(  # noqa: S603  our own
        [sys.executable, "-m", f"benchmarks.{command}", *sizes], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert ended.stdout.splitlines()[-1].startswith("ratio to ")
