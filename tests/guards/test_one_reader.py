"""No code can send one text to many: what a client reads is written for his conversation alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("bot", "crm", "handlers", "userbot")
PLACES = {  # the only ones where something for a client is made
    "Reply": {"crm/replies/__init__.py"},  # one conversation's, whose number it bears
    "Outgoing": {"crm/replies/delivery.py"},
    "SendMessageRequest": {"userbot/sender.py"},
    "SendMediaRequest": {"userbot/sender.py"},
    "SendMultiMediaRequest": set(),
    "SaveDraftRequest": {"userbot/sender.py"},
    "ForwardMessagesRequest": set(),
}
LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@cache
def calls() -> list[tuple[str, str, bool]]:
    """Every call of ours: in which file, of what, and whether it stands in a loop."""
    return [*_calls()]


def _calls() -> Iterator[tuple[str, str, bool]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            looped = {id(node) for loop in ast.walk(tree) if isinstance(loop, LOOPS) for node in ast.walk(loop)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    yield str(path.relative_to(ROOT)), ast.unparse(node.func), id(node) in looped


def test_what_goes_to_a_client_is_made_in_one_place() -> None:
    for name, places in PLACES.items():
        assert {place for place, called, _looped in calls() if called.split(".")[-1] == name} == places, name


def test_no_answer_is_written_or_sent_in_a_loop() -> None:
    ours = {"Reply", "replies.answer", "replies.send", "leaving.ask", "later.put_off"}
    assert not {(place, called) for place, called, looped in calls() if looped and called in ours}


def test_only_answers_speak_in_an_accounts_name() -> None:
    named = re.compile(r'"business_connection_id":|business_connection_id=')
    paths = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    spoken = {str(path.relative_to(ROOT)) for path in paths if named.search(path.read_text(encoding="utf-8"))}
    assert spoken == {"bot/replies.py"}
