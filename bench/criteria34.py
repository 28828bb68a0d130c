"""A set of 34 measured criteria for benchmarks, as YAML for the product and as conditions for a person's SQL.

Every criterion is (formula, the same as SQL over columns named like the indicators, `_before` for the same
window one year earlier). The SQL treats a missing month as unknown, as the product does.
"""

RATIOS = [
    ("crime.solved", "crime.property", 70),
    ("crime.very-serious-solved", "crime.very-serious", 90),
    ("tips.resolved", "tips.received", 95),
    ("residence.on-time", "residence.applications", 97),
    ("services.online", "residence.applications", 70),
    ("petitions.on-time", "petitions.received", 90),
    ("conciliation.settled", "conciliation.cases", 80),
    ("areas.registered", "areas.total", 100),
    ("areas.recognised", "areas.total", 70),
    ("areas.meeting", "areas.total", 100),
    ("agencies.registered", "agencies.total", 100),
    ("agencies.recognised", "agencies.total", 70),
    ("firms.registered", "firms.total", 90),
    ("firms.recognised", "firms.total", 60),
    ("schools.registered", "schools.total", 100),
    ("schools.recognised", "schools.total", 80),
    ("teams.members", "teams.total", 300),
    ("traffic.deaths", "traffic.accidents", 20),
]
BOUNDS = [
    ("officers.disciplined", "=", 0),
    ("initiatives.running", ">=", 1),
    ("fire.count", "<=", 2),
    ("fire.inspections", ">=", 12),
    ("fire.drills", ">=", 4),
    ("patrols", ">=", 250),
    ("officers.total", ">=", 12),
    ("economic.detected", ">=", 1),
    ("drugs.detected", ">=", 1),
    ("fraud.online", "<=", 3),
]
FALLS = [
    ("crime.property", 5),
    ("crime.violence", 0),
    ("crime.other", 0),
    ("traffic.accidents", 5),
    ("traffic.injured", 0),
    ("traffic.violations", 0),
]


def column(code: str) -> str:
    """An indicator's name as a column."""
    return code.replace(".", "_").replace("-", "_")


def criteria() -> list[tuple[str, str]]:
    """(formula, SQL condition) of the 34 criteria."""
    found = [
        (f"{top} / {bottom} >= {percent}%", f"{column(top)} * 100 >= {percent} * nullif({column(bottom)}, 0)")
        for top, bottom, percent in RATIOS
    ]
    found += [(f"{code} {sign} {bound}", f"{column(code)} {sign} {bound}") for code, sign, bound in BOUNDS]
    found += [
        (
            f"change({code}) <= {-percent}%",
            f"({column(code)} - {column(code)}_before) * 100 "
            f"<= -{percent} * nullif({column(code)}_before, 0)",
        )
        for code, percent in FALLS
    ]
    return found


def indicators() -> tuple[list[str], list[str]]:
    """Codes used over the window, and codes used one year earlier."""
    now = [code for top, bottom, _ in RATIOS for code in (top, bottom)] + [code for code, _, _ in BOUNDS]
    before = [code for code, _ in FALLS]
    return list(dict.fromkeys(now + before)), before


def as_yaml() -> str:
    """The set as the product loads it."""
    lines = [
        "code: bench-34",
        "title: {vi: Bộ 34 tiêu chí để đo, en: 34 criteria to measure with}",
        "summary: {vi: Chỉ để đo tốc độ, en: Only to measure speed}",
        "verification: unverified",
        "effective: {from: 2020-01-01}",
        "period: {calendar: teams, kind: year}",
        "applies_to: {level: commune, kinds: [xa, phuong, dac-khu]}",
        "rule: {kind: all}",
        "groups: [{code: all, title: {vi: Tất cả, en: All}}]",
        "criteria:",
    ]
    for number, (formula, _) in enumerate(criteria(), 1):
        lines += [
            f'  - code: "{number}"',
            "    group: all",
            "    kind: measured",
            f"    title: {{vi: Tiêu chí {number}, en: Criterion {number}}}",
            f'    formula: "{formula}"',
        ]
    return "\n".join(lines) + "\n"
