"""Errors written for people: what, where, how many, first three ids, what to do.

Each message is one paragraph. `exit_code` is 2 for wrong use or unusable input, 1 for a month that did not pass.
"""

from collections.abc import Iterable


class ReportError(Exception):
    """Something a person can put right; the message says how."""

    exit_code = 2

    def _render_traceback_(self) -> list[str]:
        """Show the message alone in a notebook: the frames of this package help no analyst."""
        return [f"{type(self).__name__}: {self}"]


class BadMonth(ReportError):
    """The month asked for is not a month, or the records hold nothing for it."""


class BadParameter(ReportError):
    """A parameter of a notebook or a command is unknown or cannot be used."""


class BadRecords(ReportError):
    """The records table, or an extract for it, is missing, damaged or breaks the record contract."""


class BadMapping(ReportError):
    """A mapping file does not say what a mapping has to say."""


class UnknownCode(ReportError):
    """A value is in no code list; the message names the list to extend."""


class StaleCorrection(ReportError):
    """A correction does not find what it corrects: the source has fixed it, or says something else by now."""


class UnknownClaim(ReportError):
    """A text, table or chart asks for a number that nobody computed."""


class BadText(ReportError):
    """A text template breaks the rules for texts."""


class BadDocument(ReportError):
    """An executed notebook cannot be turned into a report."""


class BadReport(ReportError):
    """A folder that should hold a finished report does not, or holds one that its records do not give."""


class BadBundle(ReportError):
    """A bundle is damaged, or is not safe to unpack."""


class CannotPublish(ReportError):
    """The outputs cannot be written where they were asked for."""


class QualityGateFailed(ReportError):
    """A critical expectation failed, or a suite is not what its file says: the month stops."""

    exit_code = 1


class TotalsDisagree(ReportError):
    """A breakdown does not add up to its toll: it is never shown."""

    exit_code = 1


class BatchUnfinished(ReportError):
    """Some reports of a batch did not pass their gate, or could not be made; the others were."""

    exit_code = 1


class BatchStopped(ReportError):
    """A batch was interrupted: what was made is whole, the rest is still to be made."""

    exit_code = 130


class NumberUntied(ReportError):
    """A number, number word, superlative or comparison on a page comes from no claim and from no fixed list."""

    exit_code = 1


class ClaimsContradict(ReportError):
    """Two claims cannot both be true: nothing is written from them."""

    exit_code = 1


def first_three(ids: Iterable[str]) -> str:
    """Name the first three ids, in sorted order, and say how many more there are."""
    ordered = sorted(ids)
    more = f" and {len(ordered) - 3} more" if len(ordered) > 3 else ""
    return ", ".join(ordered[:3]) + more
