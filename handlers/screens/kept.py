"""How it stands with the files that are to be kept, in words: on their own screen and at the end of long work."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.language import _, ngettext, number, size, when
from storage.media import Media, Waiting


def kept_line(count: int, total: int) -> str:
    """What is kept."""
    if not count:
        return _("No file is kept yet.")
    return ngettext("Kept now: {n} file, {bytes}.", "Kept now: {n} files, {bytes}.", count).format(
        n=number(count), bytes=size(total)
    )


def waiting_lines(waiting: Iterable[Waiting]) -> list[str]:
    """What is not kept yet, or could not be, and why: one line for each reason."""
    return [_line(one).format(n=number(one.files)) for one in sorted(waiting, key=lambda one: one.files, reverse=True)]


def _line(one: Waiting) -> str:
    count = one.files
    match one.reason, one.final:
        case None, _final:
            return ngettext("⏳ {n} file is being fetched.", "⏳ {n} files are being fetched.", count)
        case "full", _final:
            return ngettext("💾 {n} file waits for room on the disk.", "💾 {n} files wait for room on the disk.", count)
        case "too_large", _final:
            return ngettext(
                "⚠️ {n} file is larger than 20 MB: only a linked device can fetch it.",
                "⚠️ {n} files are larger than 20 MB: only a linked device can fetch them.",
                count,
            )
        case _reason, False:
            return ngettext(
                "⏳ {n} file could not be fetched from Telegram yet. I try again, less and less often, for a week.",
                "⏳ {n} files could not be fetched from Telegram yet. I try again, less and less often, for a week.",
                count,
            )
        case _:
            return ngettext(
                "⚠️ {n} file could not be fetched: Telegram has not given it for a week.",
                "⚠️ {n} files could not be fetched: Telegram has not given them for a week.",
                count,
            )


def state_line(media: Media) -> str:
    """Whether one file is kept here, and if not, why; empty where nobody has tried."""
    if media.kept is not None:
        return _("Kept here, encrypted.")
    if media.due_at is not None:
        if media.missed is None:
            return _("It is being fetched, to be kept here.")
        return _("It could not be fetched yet. Next try: {when}.").format(when=when(media.due_at))
    match media.missed:
        case None:
            return ""
        case "too_large":
            return _("It is larger than 20 MB: only a linked device can fetch it.")
        case _:
            return _("It could not be fetched within a week. Ask for it, and I try again.")
