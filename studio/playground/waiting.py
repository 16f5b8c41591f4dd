"""Questions wait their turn: one that is sent while an answer is under way stays on the page, and is asked after it.

Never here: asking. Gradio drops an event that comes while one of its kind is under way, and what an event fills can
arrive after the tester has typed on; so sending a question is a matter of the browser alone, in one stroke.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter

__all__ = [
    "BEGINNING",
    "GIVE_ALL_BACK",
    "GIVE_BACK",
    "SEND_EXAMPLE",
    "SEND_TYPED",
    "SHOW",
    "Progress",
    "Question",
    "due",
]

ADD = """(text, waiting, progress) => [
  ...waiting.filter(one => one.number > progress.taken),
  {number: Math.max(progress.taken, ...waiting.map(one => one.number)) + 1, text},
]"""
SEND_TYPED = f"(text, ...known) => text?.trim() ? ['', ({ADD})(text, ...known)] : undefined"
"""From box, waiting questions and progress to an emptied box and one question more."""
SEND_EXAMPLE = f"(text, ...known) => [({ADD})(text, ...known)]"
"""The same for an example, which leaves the box as it is."""
SHOW = """(waiting, progress) => {
  const list = document.createElement('div');
  for (const one of waiting.filter(one => one.number > progress.taken)) {
    const line = list.appendChild(document.createElement('p'));
    line.className = 'shop-upcoming';
    line.setAttribute('role', 'status');
    line.textContent = `Next: “${one.text}”`;
  }
  return list.innerHTML;
}"""
"""The waiting questions as the tester sees them; as text, since they are the tester's own words."""
GIVE_ALL_BACK = """(text, waiting, progress) => {
  const back = waiting.filter(one => one.number > progress.taken);
  const lines = back.length ? [...back.map(one => one.text), text].filter(line => line?.trim()) : [text];
  return [lines.join('\\n'), {taken: Math.max(progress.taken, ...back.map(one => one.number)), halted: false}];
}"""
"""Into the box, before what has been typed there since: no question is lost, and none is asked in a wrong order."""
GIVE_BACK = f"(text, waiting, progress) => progress.halted ? ({GIVE_ALL_BACK})(text, waiting, progress) : undefined"


@dataclass(frozen=True, slots=True)
class Question:
    """What a tester sent."""

    number: int
    """Among all that this page sent."""
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the page's questions have come."""

    taken: int = 0
    """Number of the last question that was taken up."""
    halted: bool = False
    """Whether a question failed: it and those behind it go back into the box."""

    @property
    def sent(self) -> dict[str, Any]:
        """As the page holds it."""
        return asdict(self)


BEGINNING = Progress().sent
QUESTIONS: TypeAdapter[list[Question]] = TypeAdapter(list[Question])
PROGRESS: TypeAdapter[Progress] = TypeAdapter(Progress)


def due(waiting: Any, progress: Any) -> list[Question]:
    """The questions that are to be asked now, from what a page holds. Raises ValueError for what no page sends."""
    place = PROGRESS.validate_python(progress)
    if place.halted:
        return []
    return [question for question in QUESTIONS.validate_python(waiting) if question.number > place.taken]
