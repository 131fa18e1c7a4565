"""What a search is narrowed to, in the words of its line and its buttons."""

from __future__ import annotations

from datetime import date
from typing import Any

from crm import search
from crm.search import Results
from crm.search.kinds import Kind, Writer
from crm.spans import Span
from handlers.language import _, day
from handlers.screens import safe
from handlers.screens.messages import named
from handlers.screens.values import value_text
from storage.fields import CustomField, FieldValue, Wanted
from storage.queues import Queue
from storage.searches import Search

NAME = 48
SIGNS = {"<": " <", "<=": " ≤", ">": " >", ">=": " ≥"}


def chosen(results: Results) -> list[str]:
    """Each filter of a search, as HTML."""
    row, filters = results.search, results.filters
    chips = [kind_label(Kind(row.kind))] if row.kind else []
    chips += [named(filters.contact, NAME)] if filters.contact else []
    chips += [writer_label(Writer(row.writer))] if row.writer else []
    chips += [f"{tag.colour} {safe(tag.name)}" for tag in filters.tags]
    chips += [_("without {tag}").format(tag=f"{tag.colour} {safe(tag.name)}") for tag in filters.without_tags]
    chips += [_("stage {name}").format(name=safe(filters.stage.name))] if filters.stage else []
    chips += [safe(field_label(field, wanted)) for field, wanted in filters.fields]
    chips += [queue_label(Queue(row.queue))] if row.queue else []
    chips += [_("on the account {name}").format(name=safe(filters.account.name))] if filters.account else []
    return [*chips, *days(row)]


def days(row: Search) -> list[str]:
    """The days it looks in, if they are chosen."""
    last = row.until - search.MOMENT if row.until else None
    match row.span, row.since, last:
        case Span.TYPED, since, until if since and until:
            return [" – ".join(dict.fromkeys((day(since), day(until))))]
        case Span.TYPED, since, None if since:
            return [_("from {day} on").format(day=day(since))]
        case Span.TYPED, None, until if until:
            return [_("until {day}").format(day=day(until))]
        case span, _since, _until if span and span != Span.TYPED:
            return [span_label(Span(span))]
    return []


def others(results: Results) -> list[str]:
    """What is chosen of the rarer filters."""
    row, filters = results.search, results.filters
    chosen = [writer_label(Writer(row.writer))] if row.writer else []
    chosen += [queue_label(Queue(row.queue))] if row.queue else []
    chosen += [field_label(field, wanted) for field, wanted in filters.fields]
    chosen += [filters.stage.name] if filters.stage else []
    return chosen + ([filters.account.name] if filters.account else [])


def field_label(field: CustomField, wanted: Wanted) -> str:
    """What is wanted of a field, as plain text: Budget > €1,000."""
    ends = [_end(field, wanted, end) for end in (wanted.low, wanted.high) if end is not None]
    if wanted.words or ends:
        told = f"{field.name}{SIGNS.get(wanted.sign, ':')} {wanted.words or ' – '.join(ends)}"
    else:
        told = _("{field}: filled in").format(field=field.name)
    return _("not {words}").format(words=told) if wanted.without else told


def _end(field: CustomField, wanted: Wanted, end: str | int) -> str:
    """One end of a range, as the field itself shows what stands in it."""
    day, amount = (date.fromisoformat(end), None) if isinstance(end, str) else (None, end)
    facts: dict[str, Any] = {"day": day, "amount": amount, "currency": wanted.currency}
    return value_text(field, FieldValue(**facts))


def kind_label(kind: Kind) -> str:
    """A kind, as a button says it."""
    return {
        Kind.ALL: _("Everything"),
        Kind.TEXT: _("Text messages"),
        Kind.PHOTO: _("Photos and videos"),
        Kind.DOCUMENT: _("Documents"),
        Kind.VOICE: _("Voice and music"),
        Kind.LINK: _("Links"),
        Kind.NOTE: _("Notes"),
        Kind.PERSON: _("People"),
    }[kind]


def span_label(span: Span) -> str:
    """A span, as a button says it."""
    return {
        Span.ALL: _("All time"),
        Span.TODAY: _("Today"),
        Span.WEEK: _("7 days"),
        Span.MONTH: _("30 days"),
        Span.YEAR: _("A year"),
        Span.TYPED: _("From – to…"),
    }[span]


def writer_label(writer: Writer) -> str:
    """Whose words, as a filter says it."""
    return {
        Writer.ANYBODY: _("Anybody's words"),
        Writer.CONTACT: _("Their words"),
        Writer.US: _("Our words"),
    }[writer]


def queue_label(queue: Queue) -> str:
    """A queue, as a filter says it."""
    return {
        Queue.WAITING: _("Waiting"),
        Queue.MINE: _("Mine"),
        Queue.FREE: _("Nobody's"),
        Queue.ASLEEP: _("Resting"),
        Queue.ALL: _("Not closed"),
        Queue.CLOSED: _("Closed"),
    }[queue]
