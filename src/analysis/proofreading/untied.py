"""What the check of a report's numbers finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Untied:
    """Words on a page that nothing stands behind: the words, where a reader finds them, and why they cannot stand."""

    words: str
    place: str
    why: str
