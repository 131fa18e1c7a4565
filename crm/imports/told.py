"""What an exported message carries that is no file: contacts, places, polls, lists, as the other sources tell of it."""

from __future__ import annotations

from typing import Any

Told = tuple[str, dict[str, Any]]


def told(message: dict[str, Any]) -> Told | None:
    """The kind and its facts; None where there is nothing but words."""
    match message:
        case {"contact_information": dict(contact)}:
            return "contact", _given(
                contact, phone_number="phone_number", first_name="first_name", last_name="last_name"
            )
        case {"place_name": title, **rest}:
            return "venue", {"title": title, "address": rest.get("address", ""), **_place(message)}
        case {"location_information": {"latitude": _, "longitude": _}}:
            return "location", {**_place(message), **_given(message, live_period="live_location_period_seconds")}
        case {"poll": {"question": question, **rest}}:
            return "poll", {"question": _plain(question), "options": _texts(rest.get("answers"))}
        case {"todo_list": dict(checklist)}:
            tasks = [{"text": text, "done": False} for text in _texts(checklist.get("answers"))]
            return "checklist", {"title": _plain(checklist.get("title")), "tasks": tasks}
    return _offered(message)


def _offered(message: dict[str, Any]) -> Told | None:
    """What is played, sold or given away."""
    match message:
        case {"game_title": _}:
            return "game", _given(message, title="game_title", description="game_description")
        case {"invoice_information": dict(invoice)}:
            names = {"title": "title", "description": "description", "currency": "currency", "total_amount": "amount"}
            return "invoice", _given(invoice, **names)
        case {"giveaway_information": dict(giveaway)}:
            return "giveaway", _given(giveaway, winner_count="quantity", prize_description="additional_prize")
        case {"giveaway_results": dict(results)}:
            names = {"winner_count": "winners_count", "prize_description": "additional_prize"}
            return "giveaway_winners", _given(results, **names)
        case {"paid_stars_amount": int(stars)}:
            return "paid_media", {"star_count": stars}
    return None


def _given(facts: dict[str, Any], **names: str) -> dict[str, Any]:
    """Those of these details that are given, under our names."""
    return {ours: facts[theirs] for ours, theirs in names.items() if facts.get(theirs)}


def _place(message: dict[str, Any]) -> dict[str, Any]:
    place = message.get("location_information")
    return _given(place, latitude="latitude", longitude="longitude") if isinstance(place, dict) else {}


def _texts(answers: Any) -> list[str]:
    return [_plain(one.get("text")) for one in answers if isinstance(one, dict)] if isinstance(answers, list) else []


def _plain(written: Any) -> str:
    """Words that may come in formatted parts."""
    if isinstance(written, list):
        return "".join(_plain(part.get("text") if isinstance(part, dict) else part) for part in written)
    return written if isinstance(written, str) else ""
