"""What was asked while a part was made: the part holds for as long as the answers are the same."""

from collections.abc import Callable, Iterable
from hashlib import blake2b

# What is asked, then of what.
Question = tuple[str, ...]


class Questions:
    """`noted` is written into by whoever is asked. `answer` tells one answer as it is now, as bytes."""

    def __init__(self, answer: Callable[..., bytes]) -> None:
        self.noted: dict[Question, None] = {}
        self._answer = answer
        self._answers: dict[Question, bytes] = {}

    def asked(self) -> list[Question]:
        """Those since the last time, in order."""
        found = list(self.noted)
        self.noted.clear()
        return found

    def answers(self, questions: Iterable[Question]) -> bytes:
        """The digest of all answers as they are now."""
        found = blake2b(digest_size=16)
        for question in questions:
            known = self._answers.get(question)
            if known is None:
                known = self._answers[question] = self._answer(*question)
            found.update(known)
        return found.digest()
