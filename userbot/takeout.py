"""Telegram's export mode, in which it gives a long history with fewer waits: begun when it is wished for, and ended.

It belongs to the session, so it lives on over restarts. Telegram asks the owner in his app, and may want a day to pass
before it begins: TAKEOUT_INIT_DELAY. https://core.telegram.org/api/takeout
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from crm import past
from crm.userbots import Book, Plan
from userbot.client import Flooded, Line, Refused
from userbot.tl import functions

logger = logging.getLogger(__name__)
LOOK = 60.0  # seconds between two looks at the clock, which may have been moved


async def begin(line: Line, book: Book, plan: Plan, on_notice: Callable[[], None]) -> Plan:
    """Begin the export that is wished for, where none is open and it may begin by now; the plan as it stands then.

    `on_notice` hears where the owner is to be told that it has to wait.
    """
    now = book.installation.clock.now()
    if plan.takeout_id is not None or plan.takeout_from is None or plan.takeout_from > now:
        return plan
    try:
        answer = await line.call(functions.account.InitTakeoutSessionRequest(message_users=True))
    except Flooded as delay:
        plan = replace(plan, takeout_from=now + timedelta(seconds=delay.seconds))
        await past.takeout_delayed(book, plan.takeout_from or now)
        on_notice()
    except Refused as refusal:
        logger.warning("Telegram refused its export mode: %s", refusal.reason)
        plan = replace(plan, takeout_from=None)
        await past.takeout_ended(book)
    else:
        plan = replace(plan, takeout_id=answer.id)
        await past.takeout_begun(book, answer.id)
    return plan


async def come_back(line: Line, book: Book, plan: Plan) -> None:
    """Connect anew when the export that is wished for may begin: a connection begins with its plan."""
    if plan.takeout_id is None and plan.takeout_from is not None:
        while (left := (plan.takeout_from - book.installation.clock.now()).total_seconds()) > 0:  # noqa: ASYNC110  nobody tells the time
            await asyncio.sleep(min(left, LOOK))
        await line.hang_up()


async def finish(line: Line, book: Book, plan: Plan) -> None:
    """Tell Telegram that the history has been read. Raises what the line raises."""
    if plan.takeout_id is not None:
        end = functions.account.FinishTakeoutSessionRequest(success=True)
        with suppress(Refused):  # it has ended by itself
            await line.ask(functions.InvokeWithTakeoutRequest(plan.takeout_id, end))
    if plan.takeout_from is not None:
        await past.takeout_ended(book)
