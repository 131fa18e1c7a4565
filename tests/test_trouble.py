"""What the log says, and what it must never say."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import opening
from bot.clock import SystemClock
from bot.trouble import OURS, log_discreetly, log_to_stderr
from crm import members
from tests.people import TOKEN, configured


@pytest.fixture(autouse=True)
def _the_log_as_it_was() -> Iterator[None]:
    """`log_to_stderr` sets the loggers of the whole process."""
    root = logging.getLogger()
    before, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(before)
    root.handlers[:] = handlers
    for ours in OURS:
        logging.getLogger(ours).setLevel(logging.NOTSET)


async def test_not_even_the_most_talkative_log_shows_what_is_stored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to_stderr("DEBUG")
    config = configured(tmp_path)
    await opening.make(config.storage)
    async with opening.opened(config, SystemClock()) as installation:
        code = await members.claim_code(installation)
    said = capsys.readouterr().err
    assert members.digest(code) not in said
    assert "INSERT" not in said


def test_a_token_and_the_words_of_an_error_stay_out_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("INFO")
    logging.getLogger("bot").info("asked https://api.telegram.org/bot%s/getMe", TOKEN)
    try:
        int("my address is 5 Rose Lane")
    except ValueError:
        logging.getLogger("aiohttp.server").exception("Error handling request")
    said = capsys.readouterr().err
    assert TOKEN not in said
    assert "bot<token>/getMe" in said
    assert "ValueError" in said
    assert "Rose" not in said


async def test_what_nobody_awaited_is_logged_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("INFO")
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(log_discreetly)
    forgotten = loop.create_future()
    forgotten.set_exception(ValueError("my address is 5 Rose Lane"))
    del forgotten
    loop.set_exception_handler(before)
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "Rose" not in said
