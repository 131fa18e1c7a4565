"""What a search is narrowed to, in the words of its line and its buttons."""

from __future__ import annotations

from crm import search
from crm.search import Results
from crm.search.kinds import Kind, Writer
from crm.spans import Span
from handlers.language import _, day
from handlers.screens import safe
from handlers.screens.messages import named
from storage.queues import Queue
from storage.searches import Search

NAME = 48


def chosen(results: Results) -> list[str]:
    """Each filter of a search, as HTML."""
    row = results.search
    chips = [kind_label(Kind(row.kind))] if row.kind else []
    if results.contact:
        name = named(results.contact, NAME)
        chips.append(name)
    chips += [writer_label(Writer(row.writer))] if row.writer else []
    chips += [f"{tag.colour} {safe(tag.name)}" for tag in results.tags]
    chips += [_("without {tag}").format(tag=f"{tag.colour} {safe(tag.name)}") for tag in results.without_tags]
    chips += [_("stage {name}").format(name=safe(results.stage.name))] if results.stage else []
    chips += [queue_label(Queue(row.queue))] if row.queue else []
    chips += [_("on the account {name}").format(name=safe(results.account.name))] if results.account else []
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
    row = results.search
    chosen = [writer_label(Writer(row.writer))] if row.writer else []
    chosen += [queue_label(Queue(row.queue))] if row.queue else []
    chosen += [results.stage.name] if results.stage else []
    return chosen + ([results.account.name] if results.account else [])


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
