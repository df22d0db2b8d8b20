"""The closed set of verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """One word for a case, or for a whole judgement."""

    ACCEPTED = "accepted"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    IMPORT_ERROR = "import_error"
    SKIPPED = "skipped"
    JUDGE_ERROR = "judge_error"


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict of a whole: ``judge_error`` dominates, then the first one not accepted.

    A whole without a single case is a ``judge_error``: nothing was judged.
    """
    seen = list(verdicts)
    if not seen or Verdict.JUDGE_ERROR in seen:
        return Verdict.JUDGE_ERROR
    return next((v for v in seen if v is not Verdict.ACCEPTED), Verdict.ACCEPTED)
