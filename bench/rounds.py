"""A round over the nation: opening it, saving one finding, and its overview with every dossier submitted.

Pages are asked for as `kieumau serve` does: by the role that owns nothing, row security in force.
"""

import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from bench import world
from bench.criteria34 import as_yaml, criteria
from bench.measure import Report

from django.db import connection  # isort: skip (world sets Django up)
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.row_security import ROLE
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.rules import Outcome
from kieumau.calendars.models import Period
from kieumau.criteria.actions import load_set
from kieumau.criteria.models import CriteriaSet
from kieumau.rounds.actions import Wish, ask_for_round, named, prepare, say
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.units.models import Position
from kieumau.units.queries import term

NOW = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
STAGES = (Stage.SELF, Stage.VERIFICATION, Stage.APPRAISAL)
MEASURED = 26  # of 34; a person answers the others
RUNS = 41

FORGET = """
    SET session_replication_role = replica;
    DELETE FROM dossier_move WHERE dossier_id IN (SELECT d.id FROM dossier d JOIN round r ON r.id = d.round_id
        WHERE r.made_by = 'bench-office');
    DELETE FROM dossier_hand WHERE dossier_id IN (SELECT d.id FROM dossier d JOIN round r ON r.id = d.round_id
        WHERE r.made_by = 'bench-office');
    DELETE FROM dossier_finding WHERE dossier_id IN (SELECT d.id FROM dossier d JOIN round r
        ON r.id = d.round_id WHERE r.made_by = 'bench-office');
    DELETE FROM dossier WHERE round_id IN (SELECT id FROM round WHERE made_by = 'bench-office');
    DELETE FROM round_deadline WHERE round_id IN (SELECT id FROM round WHERE made_by = 'bench-office');
    DELETE FROM round WHERE made_by = 'bench-office';
    SET session_replication_role = origin;
"""
# Every dossier submitted, its 34 findings among them: some met, some not, some not yet due.
SUBMITTED = """
    SET session_replication_role = replica;
    INSERT INTO dossier_finding
        (dossier_id, stage, criterion_id, outcome, points, remark, is_measured, version, at)
    SELECT d.id, 2, c.id, CASE mod(d.id + c.id, 7) WHEN 0 THEN 2 WHEN 1 THEN 3 ELSE 1 END, NULL, '', true, 1,
        now()
    FROM dossier d JOIN criterion c ON c.criteria_set_id = %(set)s WHERE d.round_id = %(round)s;
    UPDATE dossier SET stage = 3, version = 2, submitted_at = now(), frozen_sha256 = repeat('0', 64),
        frozen = (SELECT json_build_object('operands', a.operands, 'criteria', '{}'::json) FROM assessment a
            WHERE a.unit = dossier.unit_id AND a.criteria_set_id = %(set)s LIMIT 1)
    WHERE round_id = %(round)s;
    SET session_replication_role = origin;
"""


def main() -> None:
    """Measure over the benchmark world."""
    figures = world.ready()
    settings.KIEUMAU_OPEN_READING = False
    call_command("collectstatic", interactive=False, verbosity=0)
    report = Report(f"Rounds, {figures:,} figures")
    run(FORGET)
    nation, province, ward = places()
    office = person("bench-office", "programme_office", nation)
    national = person("bench-nation", "verifier", nation)
    provincial = person("bench-province", "verifier", province.unit_id)
    officer = person("bench-officer", "officer", ward.unit_id)
    criteria_set = the_set()

    made, seconds = opened(criteria_set, nation, office)
    report.note(
        f"a round opened: {made.expected_count:,} communes × 34 criteria", f"{seconds:.1f} s", "≤ 15 s"
    )
    some, _ = opened(criteria_set, province.unit_id, office)
    small, _ = opened(criteria_set, nation, office, only=named([ward.unit_id]))
    run(SUBMITTED, set=criteria_set.pk, round=made.pk)
    run(SUBMITTED, set=criteria_set.pk, round=some.pk)
    run("VACUUM ANALYZE dossier, dossier_finding")
    one, there, own = (dossiers_of(each)[ward.unit_id] for each in (made, some, small))
    below = some.expected_count
    run(f"SET ROLE {ROLE}")
    saving(report, f"national user ({made.expected_count:,} units)", national, one, Stage.VERIFICATION, 60)
    saving(report, f"national user, a round of {below}", national, there, Stage.VERIFICATION, 60)
    saving(report, f"provincial user ({below} units)", provincial, one, Stage.VERIFICATION, 60)
    saving(report, "commune's user", officer, own, Stage.SELF, 40)
    for name, user, address in (
        ("national overview", national, reverse("round", args=[made.pk])),
        ("national overview, programme office", office, reverse("round", args=[made.pk])),
        ("overview of a province", provincial, reverse("round", args=[made.pk])),
        ("list of rounds", national, reverse("rounds")),
        ("a dossier", national, reverse("dossier", args=[one])),
        ("a criterion", national, reverse("dossier_criterion", args=[one, "30"])),
    ):
        showing(report, name, user, address)
    run("RESET ROLE")
    report.show()


def run(sql: str, **parameters: int) -> None:
    """One or more statements."""
    with connection.cursor() as cursor:
        for statement in sql.strip().rstrip(";").split(";\n"):
            cursor.execute(statement, parameters or None)


def places() -> tuple[int, Position, Position]:
    """The nation, a province, and a ward in it."""
    today = Position.objects.filter(valid__contains=NOW.date())
    nation, ward = (today.get(unit=term(code, NOW.date()).unit_id) for code in ("VN", "31120"))
    return nation.unit_id, today.get(unit=ward.province_id), ward


def person(name: str, role: str, unit_id: int) -> User:
    """Somebody with one role."""
    user, _ = User.objects.get_or_create(username=name)
    grant(user, role, unit_id)
    return user


def the_set() -> CriteriaSet:
    """34 criteria of which people answer eight."""
    text = as_yaml().replace("code: bench-34", "code: bench-rounds")
    for number, (formula, _) in enumerate(criteria(), 1):
        if number > MEASURED:
            asked = "question: {vi: Đạt không?, en: Is it met?}"
            text = text.replace(f'formula: "{formula}"', asked, 1)
    head, *parts = text.split("    kind: measured")
    parts = [("    kind: judged" if "question" in part else "    kind: measured") + part for part in parts]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bench-rounds.yaml"
        path.write_text(head + "".join(parts), encoding="utf-8")
        return load_set(path, actor="bench", now=NOW)


def opened(criteria_set: CriteriaSet, area: int, office: User, only: Any = None) -> tuple[Round, float]:
    """A round, and how long a worker takes to open it."""
    period = Period.objects.get(calendar__code=criteria_set.calendar, kind="year", year=NOW.year)
    wish = Wish(f"Đo {NOW:%H:%M}", criteria_set, period, area, STAGES, only=only)
    made = ask_for_round(wish, actor=office, now=NOW)
    begun = time.perf_counter()
    return prepare(made.pk, now=NOW), time.perf_counter() - begun


def dossiers_of(made: Round) -> dict[int, int]:
    """Dossiers by unit."""
    return dict(Dossier.objects.filter(round=made).values_list("unit_id", "pk"))


def saving(report: Report, name: str, user: User, dossier: int, stage: Stage, most: int) -> None:
    """One finding through the page and through the action, back and forth."""
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    address = reverse("dossier_criterion", args=[dossier, "30"])
    versions = count(current(dossier, stage, user))

    def post() -> int:
        seen = next(versions)
        outcome = 1 + seen % 2
        data = {"outcome": outcome, "remark": "đã xem", "do": "next", "seen": seen or ""}
        answer = client.post(address, data)
        if answer.status_code != 302:
            raise SystemExit(f"{address}: {answer.status_code}")
        return len(answer.content)

    post()
    with CaptureQueriesContext(connection) as queries:
        post()
    taken = len([one for one in queries if one["sql"] not in {"BEGIN", "COMMIT"}])
    report.time(
        f"a finding saved on the page, {name}: {taken} queries", post, runs=RUNS, target=f"≤ {most} ms, ≤ 12"
    )
    report.time("  the action alone", acted(user, dossier, stage, versions), runs=RUNS)


def current(dossier: int, stage: Stage, user: User) -> int:
    """The version that stands; 0 where nobody has answered."""
    with acting(user), connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(f.version) FROM dossier_finding f JOIN criterion c ON c.id = f.criterion_id"
            " WHERE f.dossier_id = %s AND f.stage = %s AND c.code = '30'",
            [dossier, stage],
        )
        return cursor.fetchone()[0] or 0


def acted(user: User, dossier: int, stage: Stage, versions: "count[int]") -> Callable[[], None]:
    """Work that saves by the action."""

    def act() -> None:
        seen = next(versions)
        said = Said(Outcome(1 + seen % 2), None, "đã xem")
        with acting(user):
            say(dossier, criterion="30", stage=stage, said=said, seen=seen, actor=user, now=NOW)

    return act


def showing(report: Report, name: str, user: User, address: str) -> None:
    """A page for somebody who has signed in."""
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    size = Decimal(len(answer.content)) / 1000
    target = "≤ 150 ms, ≤ 8, ≤ 100 kB" if name.startswith("national") else ""
    report.time(
        f"{name}: {len(queries)} queries, {size:,.0f} kB", lambda: client.get(address), runs=15, target=target
    )


if __name__ == "__main__":
    main()
