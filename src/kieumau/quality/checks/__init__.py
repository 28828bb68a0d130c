"""All checks, in the order they are shown: what is broken first."""

from kieumau.quality.checks import figures, patterns, returns, revisions, totals, tree, verdicts
from kieumau.quality.rules import Check, Severity

_ORDER = list(Severity)
CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (
            *tree.CHECKS,
            *figures.CHECKS,
            *totals.CHECKS,
            *patterns.CHECKS,
            *revisions.CHECKS,
            *returns.CHECKS,
            *verdicts.CHECKS,
        ),
        key=lambda check: _ORDER.index(check.severity),
    )
)
BY_CODE = {check.code: check for check in CHECKS}
