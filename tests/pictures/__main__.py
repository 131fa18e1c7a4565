"""`python -m tests.pictures`: walk through every screen in a headless Chromium and write docs/screens.md anew."""

from __future__ import annotations

import argparse
import asyncio

from handlers.language import languages
from tests.pictures.camera import taken
from tests.pictures.layout import lay_out


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.pictures", description=__doc__)
    parser.add_argument("--languages", nargs=2, default=["en", "ru"], choices=[*languages()], help="two: en ru")
    asked = parser.parse_args()
    asyncio.run(_all(tuple(asked.languages)))


async def _all(asked: tuple[str, ...]) -> None:
    lay_out({language: await taken(language) for language in asked})


main()
