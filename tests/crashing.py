"""Wysper in processes of its own that can be killed: everything is imported once, and each life is a fork of that.

Run as `python -m tests.crashing FOLDER BASE_URL`. A line on stdin begins a life; a line on stdout gives its process id
when updates are taken in, and another, "over", follows when it has ended.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.app import App
from tests.people import QUICK, configured


def main(folder: Path, base_url: str) -> None:
    config = configured(folder)
    config = config.model_copy(update={"telegram": config.telegram.model_copy(update={"api": base_url})})
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(_live(App(config, limits=QUICK)))
            os._exit(0)
        os.waitpid(child, 0)
        print("over", flush=True)  # noqa: T201  this is the conversation with the test


async def _live(app: App) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, app.stop)
    async with asyncio.TaskGroup() as group:
        group.create_task(app.run())
        await app.ready.wait()
        print(os.getpid(), flush=True)  # noqa: T201  as above


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
