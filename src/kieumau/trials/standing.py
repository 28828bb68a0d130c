"""What verdicts rest on, as it stands now: by what name a trial may be kept, and whether it may be.

Figures and verdicts go by the number of the last transaction that changed any (table `fact_write`, kept
by triggers). Transactions commit in another order than they begin, so a trial is kept only where none that
began before that last one is still under way: whatever changes later then has a higher number.
"""

from dataclasses import dataclass

from django.db import connection

# A transaction that is under way was given its number before those that begin later; `xmin` is the oldest
# of them. A number above it may yet be overtaken by a lower one, and one not given yet is of another cluster.
_STANDS = """
WITH last AS (SELECT max(xact) AS xact FROM fact_write)
SELECT (SELECT count(*) FROM indicator), (SELECT max(revision) FROM indicator),
    (SELECT count(*) FROM unit_kind), (SELECT count(*) FROM criteria_set),
    (SELECT max(revision) FROM unit_tree), last.xact,
    coalesce(last.xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint, true)
FROM last
"""
_OF_TEXTS = 4


@dataclass(frozen=True, slots=True)
class Standing:
    """`texts` names what says what a text means: catalogue, kinds of units, how many sets are published.

    `facts` names that, the tree, figures and verdicts. What is worked out after it was asked may be kept
    under that name where `may_be_kept`.
    """

    texts: tuple[int | None, ...]
    facts: tuple[int | None, ...]
    may_be_kept: bool


def stands() -> Standing:
    """What there is by now. One small query."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDS)
        *numbers, may_be_kept = cursor.fetchone()
    return Standing(tuple(numbers[:_OF_TEXTS]), tuple(numbers), may_be_kept)
