"""One contact's or conversation's whole file as a page: of itself alone, without a script, to be read and printed."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from crm.export.dossier import Dossier, Facts, Said
from crm.export.parts import Frame
from crm.history import Line
from handlers.language import _, clock, current, day, language_name, number, when
from handlers.screens import safe, shorten
from handlers.screens.formatted import Formatted
from handlers.screens.kinds import icon, kind_name
from handlers.screens.marks import reactions_line
from handlers.screens.messages import beside, brief, file_line
from handlers.screens.told import facts_line
from handlers.screens.values import value_text
from storage.accounts import Account
from storage.contacts import Contact
from storage.messages import Message, Version
from storage.workspaces import Workspace

STYLE = Path(__file__).with_name("dossier.css")
LINKS = ("http://", "https://", "mailto:", "tel:", "tg://")  # whatever else a link says, none of it leads anywhere here
RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}
WRITER = 48
QUOTED = 120  # characters of what is answered


def frame(workspace: Workspace, found: Dossier, now: datetime) -> Frame:
    """What stands around the messages."""
    language, name = current().language, safe(found.contact.name)
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    made = _("{workspace}, {when}").format(workspace=safe(workspace.name), when=when(now))
    head = (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{name}</title><style>{STYLE.read_text('utf-8')}</style></head><body>"
        f'<header><h1 dir="auto">{name}</h1><p class="made">{made}</p>{_card(found)}</header><main>\n'
    )
    return Frame(head.encode("utf-8", "replace"), b"\n", b"\n</main></body></html>\n")


def _card(found: Dossier) -> str:
    contact, card = found.contact, found.card
    rows = [(_("Username"), f"@{safe(contact.username)}" if contact.username else "")]
    if card:
        rows += [
            (_("Phone"), ", ".join(safe(phone) for phone in card.phones)),
            (_("Language"), safe(language_name(contact.language)) if contact.language else ""),
            (_("Stage"), safe(card.stage.name) if card.stage else ""),
            *((safe(own.name), safe(value_text(own, value))) for own, value in card.fields if value is not None),
            (_("First seen"), day(contact.first_seen_at)),
        ]
    rows.append((_("Messages"), number(found.count)))
    facts = "".join(f'<dt dir="auto">{name}</dt><dd dir="auto">{value}</dd>' for name, value in rows if value)
    tags = "".join(f'<li dir="auto">{tag.colour} {safe(tag.name)}</li>' for tag in found.tags)
    parts = [f"<dl>{facts}</dl>", f'<ul class="tags">{tags}</ul>' if tags else "", *(_sections(card) if card else ())]
    return "".join(parts)


def _sections(card: Facts) -> list[str]:
    files = defaultdict(list)
    for file in card.note_files:
        files[file.note_id].append(f"{icon(file.kind)} {safe(file.name or kind_name(file.kind))}")
    notes = "".join(
        _note(f"{'📌 ' if one.pinned_at else ''}{when(one.written_at)}", one.text, files[one.id or 0])
        for one in card.notes
    )
    due = "".join(
        _note(f"✅ {when(one.done_at)}" if one.done_at else f"⏰ {when(one.due_at)}", one.text)
        for one in card.reminders
        if one.due_at
    )
    moves = "".join(
        _note(when(one.moved_at), f"{before or _('In no stage')} → {behind or _('In no stage')}")
        for one, before, behind in card.moves
    )
    answers = "".join(_note(f"✍️ {when(one.leaves_at or one.written_at)}", one.text) for one in card.answers)
    return [
        _section(_("Notes"), notes),
        _section(_("Reminders"), due),
        _section(_("Stage"), moves),
        _section(_("Unsent answers"), answers),
    ]


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>{content}</section>" if content else ""


def _note(head: str, text: str, files: Sequence[str] = ()) -> str:
    named = "".join(f'<p class="file" dir="auto">{file}</p>' for file in files)
    words = f'<p dir="auto">{Formatted(text).html or "—"}</p>'
    return f'<article class="note"><small>{head}</small>{words}{named}</article>'


class Page:
    """Draws handful after handful; a day and an account have their heading once."""

    def __init__(self, found: Dossier) -> None:
        self._contact = found.contact
        self._named = found.card is None or len(found.threads) > 1
        self._account, self._day = 0, ""

    def lines(self, account: Account, said: Said) -> bytes:
        """These messages, with the headings that they need."""
        out: list[str] = []
        if account.id != self._account:
            self._account, self._day = account.id, ""
            name = " ".join(part for part in (account.first_name, account.last_name) if part)
            out += [f'<h2 dir="auto">{safe(name)}</h2>'] if self._named else []
        for line, earlier in said:
            written = day(line.message.sent_at)
            out += [f"<h3><span>{written}</span></h3>"] if written != self._day else []
            self._day = written
            out.append(_message(line, earlier, self._writer(line, account)))
        return "\n".join(out).encode("utf-8", "replace")

    def _writer(self, line: Line, account: Account) -> str:
        if line.message.outgoing:
            return "🤖" if line.message.by_bot else safe(account.first_name or "")
        return safe(shorten(line.name(line.message) or _first(self._contact), WRITER))


def _first(contact: Contact) -> str:
    return contact.first_name or contact.name


def _message(line: Line, earlier: Sequence[Version], writer: str) -> str:
    message = line.message
    side = "service" if message.kind == "service" else "ours" if message.outgoing else "theirs"
    gone = " gone" if message.deleted_at else ""
    parts = [f'<b dir="auto">{writer}</b>'] if side != "service" else []
    parts += _answered(line)
    parts += _content(line)
    if not message.protected:
        parts += [f'<p class="was" dir="auto">{_words(one.text, one.entities)}</p>' for one in earlier]
    if put := reactions_line(message):
        parts.append(f'<p class="put">{html.escape(put)}</p>')
    parts.append(f"<footer>{' · '.join(_marks(message))}</footer>")
    return f'<article class="{side}{gone}">{"".join(parts)}</article>'


def _answered(line: Line) -> list[str]:
    forward = line.message.extra.get("forward")
    origin = safe(str(forward.get("name", ""))) if isinstance(forward, dict) else ""
    told = _("➡️ forwarded from {name}").format(name=origin)
    parts = [f'<p class="from">{told}</p>'] if origin else []
    if line.answered is None or line.answered.protected:
        return parts
    return [*parts, f'<blockquote dir="auto">{brief(line.answered, QUOTED)}</blockquote>']


def _content(line: Line) -> list[str]:
    message = line.message
    if message.protected:
        withheld = _("🔒 This chat lets nothing be copied.")
        return [f"<p>{withheld}</p>"]
    parts = [f'<p class="file" dir="auto">{file_line(line.media)}</p>'] if line.media else []
    if not line.media and message.kind != "text":
        parts.append(f'<p class="file" dir="auto">{facts_line(message)}</p>')
    if message.text:
        parts.append(f'<p dir="auto">{_words(message.text, message.entities)}</p>')
    return parts


def _words(text: str, entities: Sequence[dict[str, object]]) -> str:
    """Formatted as it was; a spoiler is no secret on paper."""
    kept = [one for one in entities if one.get("type") != "text_link" or str(one.get("url", "")).startswith(LINKS)]
    return Formatted(text, kept).html.replace("<tg-spoiler>", "<span>").replace("</tg-spoiler>", "</span>")


def _marks(message: Message) -> list[str]:
    marks = [f"<time>{clock(message.sent_at)}</time>"]
    marks += [_("✏️ edited {when}").format(when=beside(message.edited_at, message.sent_at))] if message.edited_at else []
    marks += (
        [_("🗑 deleted {when}").format(when=beside(message.deleted_at, message.sent_at))] if message.deleted_at else []
    )
    return marks
