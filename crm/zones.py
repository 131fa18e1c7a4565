"""Time zones as people say them: a city in their own language, or hours from Greenwich."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

LIKELY = {
    "en": (
        *("Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Europe/Warsaw"),
        *("Europe/Athens", "Asia/Dubai", "Asia/Kolkata", "America/New_York", "America/Chicago", "America/Los_Angeles"),
    ),
    "ru": (
        *("Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Asia/Almaty", "Asia/Tashkent"),
    ),
    "de": ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/Luxembourg"),
    "es": (
        *("Europe/Madrid", "Atlantic/Canary", "America/Mexico_City", "America/Bogota", "America/Lima"),
        *("America/Caracas", "America/Santiago", "America/Argentina/Buenos_Aires"),
    ),
    "fr": ("Europe/Paris", "Europe/Brussels", "Europe/Zurich", "America/Toronto", "Africa/Dakar", "Africa/Casablanca"),
    "it": ("Europe/Rome", "Europe/Zurich"),
    "pl": ("Europe/Warsaw", "Europe/London"),
    "pt": ("America/Sao_Paulo", "America/Fortaleza", "America/Manaus", "Europe/Lisbon", "Africa/Luanda"),
    "uk": ("Europe/Kyiv", "Europe/Warsaw", "Europe/Berlin", "Europe/Prague"),
}
OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+\-−–])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
MAY_BE_MEANT = 6  # as many as a screen offers


def likely(language: str) -> tuple[str, ...]:
    """The zones in which most who speak this language live."""
    return LIKELY.get(language, LIKELY["en"])


def city(zone: str, language: str) -> str:
    """The zone's city in this language; the zone's own name where it has no city."""
    known = Locale.parse(language).time_zones
    spelt = next((one for one in (zone, *_earlier_names().get(zone, ())) if one in known), zone)
    return str(known.get(spelt, {}).get("city") or zone.rpartition("/")[2].replace("_", " "))


@cache
def _earlier_names() -> dict[str, list[str]]:
    """Under which names the languages may know a zone that was renamed: Europe/Kiev for Europe/Kyiv."""
    earlier: dict[str, list[str]] = {}
    for before, now in get_global("zone_aliases").items():
        earlier.setdefault(now, []).append(before)
    return earlier


def offset(zone: str, moment: datetime) -> str:
    """How far the zone is from Greenwich at this moment, such as UTC+5:30."""
    away = moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    hours, minutes = divmod(abs(round(away.total_seconds() / 60)), 60)
    return _from_greenwich("-" if away < timedelta() else "+", hours, minutes)


def _from_greenwich(sign: str, hours: int, minutes: int) -> str:
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def find(said: str, language: str, moment: datetime) -> tuple[str, ...]:
    """The zones that may be meant, the best first; none where nothing fits."""
    said = said.strip()
    hours = OFFSET.fullmatch(said)
    if hours:
        return _at(hours, language, moment)
    if said in available_timezones():
        return (said,)
    wanted = _plain(said)
    names = {**_names("en"), **_names(language)}
    hits = [zone for name, zone in names.items() if wanted and name.startswith(wanted)]
    exact = [names[wanted]] if wanted in names else []
    return tuple(dict.fromkeys([*exact, *sorted(hits)]))[:MAY_BE_MEANT]


def _at(hours: re.Match[str], language: str, moment: datetime) -> tuple[str, ...]:
    wanted = _from_greenwich("+" if hours[1] == "+" else "-", int(hours[2]), int(hours[3] or 0))
    fit = [zone for zone in (*likely(language), *sorted(_cities())) if offset(zone, moment) == wanted]
    return tuple(dict.fromkeys(fit))[:MAY_BE_MEANT]


@cache
def _names(language: str) -> dict[str, str]:
    """Cities by their name in a language, and as the zone's own name spells them, which wins."""
    translated = {_plain(city(zone, language)): zone for zone in _cities()}
    return translated | {_plain(zone.rsplit("/", 1)[-1]): zone for zone in _cities()}


@cache
def _cities() -> tuple[str, ...]:
    """The zones in use, one for each place, without old spellings: the table that comes with the zones themselves."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    return tuple(line.split("\t")[2] for line in table.splitlines() if not line.startswith("#"))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.casefold().replace("ё", "е")).strip()
