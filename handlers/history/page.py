"""One page of a conversation: as many messages as Telegram takes on a screen, albums together, under their days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.history import Line, Stretch
from handlers.language import _, clock, day, ngettext, number
from handlers.screens import LIMIT, safe, shorten
from handlers.screens.formatted import Formatted, units, visible
from handlers.screens.marks import reactions_line, tick
from handlers.screens.messages import beside, brief, brief_words, file_line, side
from handlers.screens.told import facts_line
from storage.conversations import Conversation

MOST = 10  # messages on a page
LONGEST = 700  # units of one message on a page; the whole of it has a screen of its own
ALBUM = 1800  # units of all captions of one album
HEADING = 64  # units that a day's heading may take
WRITER = 32  # characters of the name of who wrote in a group
FOCUS = "👉"


@dataclass(frozen=True, slots=True)
class Page:
    """The messages that fit, as HTML; `older` and `newer` tell whether the conversation goes on there."""

    text: str
    lines: Sequence[Line]
    older: bool
    newer: bool


def sign(place: int) -> str:
    """The number of a message on its page, in a circle."""
    return chr(0x2460 + place)


def fitted(stretch: Stretch, *, room: int, focus: int = 0, from_start: bool = False) -> Page:
    """What fits beside a head of so many units: around the message `focus`, else from the start or up to the end."""
    if not stretch.lines:
        return Page("\n" + _("Nothing was written here."), (), stretch.older, stretch.newer)
    blocks, thread = _blocks(stretch.lines), stretch.talk.conversation
    middle = _middle(blocks, focus) if focus else 0 if from_start else len(blocks) - 1
    start, end = _window(blocks, middle, LIMIT - room - HEADING)
    lines = [line for block in blocks[start:end] for line in block]
    return Page(
        _drawn(blocks[start:end], thread, focus),
        lines,
        older=stretch.older or start > 0,
        newer=stretch.newer or end < len(blocks),
    )


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """Messages that belong together: the pictures of an album, else each alone."""
    blocks: list[list[Line]] = []
    for line in lines:
        album = line.message.album_id
        if blocks and album and blocks[-1][-1].message.album_id == album:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _middle(blocks: Sequence[Sequence[Line]], focus: int) -> int:
    """The block with this message, or what stands in its place."""
    reached = (place for place, block in enumerate(blocks) if block[-1].message.message_id >= focus)
    return next(reached, len(blocks) - 1)


def _window(blocks: Sequence[Sequence[Line]], middle: int, budget: int) -> tuple[int, int]:
    """The widest stretch of blocks around one of them, taken in turns from both sides."""
    start, end = middle, middle + 1
    count = len(blocks[middle])
    budget -= _size(blocks[middle])
    turns = [True, False]  # older, newer
    while turns:
        older = turns.pop(0)
        place = start - 1 if older else end
        if not 0 <= place < len(blocks) or count + len(blocks[place]) > MOST or _size(blocks[place]) > budget:
            continue
        count, budget = count + len(blocks[place]), budget - _size(blocks[place])
        start, end = (place, end) if older else (start, place + 1)
        turns.append(older)
    return start, end


def _size(block: Sequence[Line]) -> int:
    return visible(_block(block, 0, focus=0)) + HEADING  # a tick has room in the heading's


def _drawn(blocks: Sequence[Sequence[Line]], thread: Conversation, focus: int) -> str:
    out: list[str] = []
    today, place = "", 0
    for block in blocks:
        written = day(block[0].message.sent_at)
        if written != today:
            out.append(f"\n<b>{written}</b>")
            today = written
        out.append(_block(block, place, tick(block[-1].message, thread), focus=focus))
        place += len(block)
    return "\n".join(out)


def _block(block: Sequence[Line], place: int, ticked: str = "", *, focus: int) -> str:
    """One message, or the pictures of an album under one head."""
    first = block[0]
    focused = any(line.message.message_id == focus for line in block)
    lines = [_headline(first, sign(place) if len(block) == 1 else "", ticked, focused=focused)]
    lines += _context(first)
    for offset, line in enumerate(block):
        numbered = f"{sign(place + offset)} " if len(block) > 1 else ""
        lines += _content(line, numbered, longest=min(LONGEST, ALBUM // len(block)))
        lines += [f"<i>{put}</i>"] if (put := reactions_line(line.message)) else []
    return "\n".join(lines)


def _headline(line: Line, numbered: str, ticked: str, *, focused: bool) -> str:
    message = line.message
    locked = " 🔒" if message.protected else ""
    head = f"{FOCUS if focused else ''}{numbered} {side(message)} <b>{clock(message.sent_at)}</b> {ticked}{locked}"
    wrote = line.name(message)
    facts = [head.strip(), *([safe(shorten(wrote, WRITER))] if wrote else [])]
    if line.versions or message.edited_at:
        facts.append(_("✏️ edited {when}").format(when=beside(message.edited_at or message.sent_at, message.sent_at)))
    if message.deleted_at:
        facts.append(_("🗑 deleted {when}").format(when=beside(message.deleted_at, message.sent_at)))
    return " · ".join(facts)


def _context(line: Line) -> list[str]:
    """What the message refers to: the one that it answers, where it came from."""
    message, lines = line.message, []
    quote, elsewhere = message.extra.get("quote"), message.extra.get("reply_from")
    if line.answered is not None:
        words = f"“{brief_words(quote, 40)}”" if quote else brief(line.answered, 40)
        wrote = line.name(line.answered)
        who = f" {safe(shorten(wrote, WRITER))}:" if wrote else ""
        lines.append(f"↩️ {side(line.answered)}{who} <i>{words}</i>")
    elif quote:
        lines.append(f"↩️ {safe(shorten(str(elsewhere), 64)) if elsewhere else ''} <i>“{brief_words(quote, 40)}”</i>")
    elif message.reply_to_id is not None:
        lines.append(_("↩️ <i>an older message that is not kept</i>"))
    elif "reply_to_story" in message.extra:
        lines.append(_("↩️ <i>a story</i>"))
    forward = message.extra.get("forward")
    if forward:
        lines.append(_("➡️ forwarded from {name}").format(name=safe(shorten(str(forward.get("name", "")), 64))))
    return lines


def _content(line: Line, numbered: str, *, longest: int) -> list[str]:
    message, lines = line.message, []
    if line.media is not None:
        lines.append(f"{numbered}{file_line(line.media)}")
    elif message.kind != "text":
        lines.append(f"{numbered}{facts_line(message)}")
    if message.text:
        lines.append(Formatted(message.text, message.entities).shortened(longest).html)
        left = units(message.text) - longest
        if left > 0:
            more = ngettext("… {count} more character", "… {count} more characters", left)
            lines.append(f"<i>{more.format(count=number(left))}</i>")
    elif message.kind == "text" and not line.message.extra.get("service"):
        lines.append(_("<i>(its text was not kept)</i>"))
    return lines
