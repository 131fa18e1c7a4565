"""A morning in words: who waits, what is promised, and what came in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from crm.digest import Line, Morning
from handlers.buttons.digest import MorningDigest
from handlers.buttons.queues import QueueList
from handlers.language import _, date, ngettext, number
from handlers.screens import Screen, back, button, safe, shorten
from handlers.screens.messages import beside
from storage.queues import Queue

NAME, WORDS = 40, 80


def told(workspace: str, morning: Morning) -> Screen:
    """What waits today, the most urgent first."""
    parts = [part for part in (_waiting(morning), _promised(morning), _news(morning)) if part]
    if not morning.waiting and not morning.promised:
        parts.insert(0, [_("Nobody waits, and nothing is promised for today. Have a good day!")])
    lines = [f"🌅 <b>{safe(workspace)}</b>"]
    for part in parts:
        lines += ["", *part]
    mine = [button(_("Mine ({n})").format(n=number(morning.mine)), QueueList(queue=Queue.MINE))] if morning.mine else []
    rows = [
        [button(_("⏳ Who waits"), QueueList()), *mine],
        [button(_("🌅 When this comes"), MorningDigest()), *back()],
    ]
    return Screen("\n".join(lines), rows)


def _waiting(morning: Morning) -> list[str]:
    if not morning.waiting:
        return []
    head = ngettext("<b>{n} waits for an answer</b>", "<b>{n} wait for an answer</b>", morning.waiting)
    return [head.format(n=number(morning.waiting)), *_listed(morning.longest, morning.waiting, _since)]


def _promised(morning: Morning) -> list[str]:
    count = morning.overdue + morning.today
    if not count:
        return []
    head = ngettext("<b>{n} promise for today</b>", "<b>{n} promises for today</b>", count).format(n=number(count))
    late = ngettext("{n} of them is overdue", "{n} of them are overdue", morning.overdue)
    head += f", {late.format(n=number(morning.overdue))}" if morning.overdue else ""
    return [head, *_listed(morning.promised, count, partial(_due, now=morning.at))]


def _listed(lines: Sequence[Line], count: int, words: Callable[[Line], str]) -> list[str]:
    more = count - len(lines)
    rest = [ngettext("and {n} more", "and {n} more", more).format(n=number(more))] if more > 0 else []
    return [*(words(line) for line in lines), *rest]


def _since(line: Line) -> str:
    return f"⏳ {date(line.at)} · {safe(shorten(line.name, NAME))}"


def _due(line: Line, *, now: datetime) -> str:
    words = f": {safe(shorten(line.text, WORDS))}" if line.text else ""
    return f"⏰ {beside(line.at, now)} · {safe(shorten(line.name, NAME))}{words}"


def _news(morning: Morning) -> list[str]:
    news = morning.news
    if not news.messages and not news.contacts:
        return []
    written = ngettext("{n} message from clients", "{n} messages from clients", news.messages)
    come = ngettext("{n} new contact", "{n} new contacts", news.contacts)
    counts = [(written, news.messages), (come, news.contacts)]
    return [_("Since yesterday: {what}.").format(what=", ".join(text.format(n=number(n)) for text, n in counts if n))]
