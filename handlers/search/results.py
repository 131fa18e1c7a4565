"""What a search found: a page of places with the words marked, each a press away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import wraps
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import search
from crm.access import Desk
from crm.errors import NotFound
from crm.search import Results
from crm.search.kinds import Kind
from crm.search.levels import Level, Place
from crm.search.shown import Found
from handlers.buttons.contacts import ContactCard
from handlers.buttons.history import History
from handlers.buttons.notes import NoteCard
from handlers.buttons.search import (
    AskSearch,
    KeepSearch,
    SearchAnywhere,
    SearchDates,
    SearchKind,
    SearchMore,
    SearchPage,
    SearchPerson,
    SearchTag,
    SearchWords,
)
from handlers.language import _, when
from handlers.screens import Screen, back, button, label, safe, shorten, show, spread
from handlers.screens.formatted import Formatted
from handlers.screens.messages import file_line, named, side
from handlers.screens.told import facts_line
from handlers.search import chips
from storage.search_text import Phrase, highlight
from storage.searches import Search

SNIPPET = 160  # characters that are shown of a hit
LEAD = 40  # of them before the first marked word
NAME = 48
CHIP = 18  # characters of what was chosen, on a button
IN_A_ROW = 5
FIRST = Place()

Handler = Callable[..., Awaitable[None]]


def or_too_old(handler: Handler) -> Handler:
    """Where the search is not kept any more: say so, and offer a new one."""

    @wraps(handler)
    async def careful(event: CallbackQuery | Message, *args: Any, **facts: Any) -> None:
        try:
            await handler(event, *args, **facts)
        except NotFound as missing:
            if missing.noun != "search":
                raise
            text = _("This search is too old. Please look again.")
            await show(event, Screen(text, [[button(_("🔎 Search"), AskSearch())], back()]))

    return careful


@or_too_old
async def show_page(
    event: CallbackQuery | Message, desk: Desk, search_id: int, *, start: Place = FIRST, notice: str = ""
) -> None:
    """One page of results, or what to do where there are none."""
    results = await search.results(desk, search_id, start)
    lines = [*([notice, ""] if notice else []), f"🔎 <b>{question(results.search)}</b>"]
    chosen = chips.chosen(results)
    lines += [_("Only: {filters}").format(filters=" · ".join(chosen))] if chosen else []
    if not results.found:
        lines += ["", *_nothing(results, filtered=bool(chosen))]
    ordered = _by_contact(results.found)
    level = start.level
    for place, found in enumerate(ordered):
        if found.level is not level or (place == 0 and level):
            level = found.level
            lines += ["", f"<i>{_nearness(level, first=place == 0 and start == FIRST)}</i>"]
        alike = [one for one in ordered if _whose(one) == _whose(found)]
        if len(alike) > 1 and found is alike[0]:
            lines += ["", f"<b>{named(found.contact, NAME)}</b>"]
        title = _short_title(found) if len(alike) > 1 else _title(found)
        lines += [*([] if len(alike) > 1 else [""]), f"{chr(0x2460 + place)} {title}", _snippet(found, results.marks)]
    locked = any(found.message is not None and found.message.protected for found in results.found)
    await show(event, Screen("\n".join(lines), _ways(results, ordered, start, filtered=bool(chosen)), protected=locked))


def question(row: Search) -> str:
    """What was asked, as somebody's own words."""
    return _("“{words}”").format(words=safe(row.words)) if row.words else _("Everything, the newest first")


def _nothing(results: Results, *, filtered: bool) -> list[str]:
    if filtered:
        return [_("Nothing here. Try without the filters, or with fewer or other words.")]
    if not results.search.words:
        return [_("Nothing is kept yet.")]
    return [_("Nothing found. Try fewer words, another spelling, or only the beginning of a word.")]


def _whose(found: Found) -> tuple[Level, int | None]:
    return found.level, found.contact.id


def _by_contact(hits: Sequence[Found]) -> list[Found]:
    """What was found with one contact together, where its newest hit stands."""
    groups: dict[tuple[Level, int | None], list[Found]] = {}
    for one in hits:
        groups.setdefault(_whose(one), []).append(one)
    return [one for group in groups.values() for one in group]


def _short_title(found: Found) -> str:
    """The same below a contact's name."""
    moment = when(found.hit.at)
    if found.note is not None:
        return _("📝 Note · {when}").format(when=moment)
    if found.message is None:
        return _("🙂 last heard of on {when}").format(when=moment)
    wrote = f"{safe(shorten(found.sender, NAME))} · " if found.sender else ""
    whose = f"{side(found.message)} " if found.message.outgoing or not found.contact.is_group else ""
    return f"{whose}{wrote}{moment}{' · 🗑' if found.message.deleted_at else ''}"


def _title(found: Found) -> str:
    name = f"<b>{named(found.contact, NAME)}</b>"
    if found.note is not None:
        return _("📝 Note on {contact} · {when}").format(contact=name, when=when(found.hit.at))
    if found.message is not None:
        gone = " · 🗑" if found.message.deleted_at else ""
        wrote = f" · {safe(shorten(found.sender, NAME))}" if found.sender else ""
        whose = f"{side(found.message)} " if found.message.outgoing or not found.contact.is_group else ""
        return f"{whose}{name}{wrote} · {when(found.hit.at)}{gone}"
    return _("🙂 {contact}, last heard of on {when}").format(contact=name, when=when(found.hit.at))


def _nearness(level: Level, *, first: bool) -> str:
    """What is said above hits that are not what was typed."""
    if level is Level.FORMS:
        return (
            _("Nothing exactly like this. In other forms and longer words:")
            if first
            else _("In other forms and longer words:")
        )
    return _("Nothing exactly like this. Similar:") if first else _("Similar:")


def _snippet(found: Found, words: Sequence[Phrase]) -> str:
    if found.note is not None:
        return marked(found.note.text, words)
    if found.message is None:
        contact = found.contact
        known = [contact.name, f"@{contact.username}" if contact.username else "", contact.phone or "", *found.filled]
        return marked(" · ".join(one for one in known if one), words)
    lines = [marked(found.message.text, words)] if found.message.text else []
    if found.media is not None:
        lines.append(file_line(found.media))
    elif found.message.kind != "text":
        lines.append(facts_line(found.message))
    return "\n".join(lines)


def marked(text: str, words: Iterable[Phrase]) -> str:
    """The part of a text around the first asked word, with all asked words in it in bold, as HTML."""
    line = " ".join(text.split())
    spans = highlight(line, words)
    start = _start(line, spans[0][0] if spans else 0)
    end = min(len(line), start + SNIPPET)
    inside = [
        (max(first, start) - start, min(last, end) - start) for first, last in spans if first < end and last > start
    ]
    shown = Formatted.marked(line[start:end], inside).html
    return f"{'…' if start else ''}{shown}{'…' if end < len(line) else ''}"


def _start(line: str, first: int) -> int:
    """A little before the first marked word, at the beginning of a word where one is near."""
    if first <= LEAD:
        return 0
    return line.find(" ", first - LEAD, first) + 1 or first - LEAD


def _ways(
    results: Results, ordered: Sequence[Found], start: Place, *, filtered: bool
) -> list[list[InlineKeyboardButton]]:
    here = results.search.id or 0
    places = [button(chr(0x2460 + place), _to(one, here)) for place, one in enumerate(ordered)]
    turn = [button(_("« Newest"), SearchPage(id=here))] if start != FIRST else []
    if results.onward is not None:
        on = results.onward
        turn.append(button(_("Older ›"), SearchPage(id=here, before=on.before, level=on.level)))
    row = results.search
    ways = [
        [
            _way(_("Kind"), [chips.kind_label(Kind(row.kind))] if row.kind else [], SearchKind(id=here)),
            _way(_("Dates"), chips.days(row), SearchDates(id=here)),
            _way(_("Tag"), [tag.name for tag in results.filters.tags], SearchTag(id=here)),
        ],
        [
            _way(_("Person"), [results.filters.contact.name] if results.filters.contact else [], SearchPerson(id=here)),
            _way(_("More…"), chips.others(results), SearchMore(id=here)),
        ],
        [button(_("Other words"), SearchWords(id=here))],
    ]
    if filtered:
        ways[-1].append(button(_("Without filters"), SearchAnywhere(id=here)))
    return [*spread(places, IN_A_ROW), turn, *ways, [*_keeping(row, filtered=filtered), *back()]]


def _keeping(row: Search, *, filtered: bool) -> list[InlineKeyboardButton]:
    return [button(_("⭐ Keep"), KeepSearch(id=row.id or 0))] if filtered or row.words else []


def _way(name: str, chosen: Sequence[str], to: CallbackData) -> InlineKeyboardButton:
    """A filter, by what is chosen of it or else by its name."""
    return button(f"• {label(', '.join(chosen), CHIP)}" if chosen else name, to)


def _to(found: Found, search_id: int) -> History | NoteCard | ContactCard:
    if found.message is not None:
        return History(id=found.message.conversation_id, focus=found.message.message_id, search=search_id)
    return (
        NoteCard(id=found.note.id or 0, search=search_id)
        if found.note is not None
        else ContactCard(id=found.contact.id or 0, search=search_id)
    )
