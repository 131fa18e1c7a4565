"""A small business to try things on: Olga's repair-and-tailoring atelier, her team, her clients and what they wrote.

The conversations are text files that anyone can read and extend (`conversations/*.chat`, see `script.py`); their times
count back from now, so that the last of them arrived this morning whenever the world is made.
"""

from __future__ import annotations

from sandbox.scenario.atelier import Cast, fill, team
from sandbox.scenario.dialogues import conversations
from sandbox.scenario.past import exported

__all__ = ["Cast", "conversations", "exported", "fill", "team"]
