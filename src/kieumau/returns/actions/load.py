"""Loading a form: a file that says something new becomes the next version."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from kieumau.audit import actions as audit
from kieumau.indicators.actions.source import name_of
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.returns import verbs
from kieumau.returns.files import LEVELS, FormFile, path_of, read_form
from kieumau.returns.models import Form, FormItem, Obligation
from kieumau.returns.queries import newest_forms
from kieumau.units.actions import Actor


@transaction.atomic
def load_form(name: Path | str, *, actor: Actor, now: datetime) -> Form:
    """Store the form of a file, or a shipped one by its name; the same text again is the same version.

    Periods that are open already keep the version they were opened with. Raises `Refused` with every
    problem, also for an indicator that another form asks for: two returns would write the same figure.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE return_form IN SHARE ROW EXCLUSIVE MODE")
    known = catalogue()
    file = read_form(path_of(name), known)
    if taken := _taken(file, [form for form in newest_forms() if form.code != file.code]):
        raise Refused(taken)
    newest = Form.objects.filter(code=file.code).order_by("-version").first()
    if newest is not None and newest.digest == file.digest():
        return newest
    form = _next_version(file, newest.version + 1 if newest else 1, actor, now)
    line_count = _add_lines(form, file, known)
    _add_obligations(form, file)
    audit.record(
        actor=actor,
        verb=verbs.LOAD_FORM,
        object=("form", form.pk),
        name=f"{form.code}/{form.version}",
        new={"digest": form.digest, "indicators": line_count},
        now=now,
    )
    return form


def _next_version(file: FormFile, version: int, actor: Actor, now: datetime) -> Form:
    return Form.objects.create(
        code=file.code,
        version=version,
        catalogue=file.catalogue,
        title_vi=file.title.vi,
        title_en=file.title.en,
        source=file.source,
        verification=file.verification,
        calendar=file.calendar,
        period_kind=file.kind,
        digest=file.digest(),
        loaded_at=now,
        loaded_by=name_of(actor)[:150],
    )


def _add_lines(form: Form, file: FormFile, known: Mapping[str, Definition]) -> int:
    """What the form asks for, group by group, in the order of the file; how many lines."""
    pairs = [(group, code) for group in file.groups for code in group.indicators]
    FormItem.objects.bulk_create(
        FormItem(
            form=form,
            indicator_id=known[code].id,
            position=position,
            group_vi=group.title.vi,
            group_en=group.title.en,
        )
        for position, (group, code) in enumerate(pairs, start=1)
    )
    return len(pairs)


def _add_obligations(form: Form, file: FormFile) -> None:
    """Who owes it, from when on, and by which working day."""
    Obligation.objects.bulk_create(
        Obligation(
            form=form,
            register=file.units_of,
            level=LEVELS[one.level],
            kinds=one.kinds,
            numbers=one.numbers,
            starts_on=one.since,
            ends_before=one.until,
            due_working_days=one.due_working_days,
            lock_working_days=one.lock_working_days,
        )
        for one in file.owed
    )


def _taken(file: FormFile, others: list[Form]) -> list[Problem]:
    """The indicators that other forms in use ask for."""
    rows = FormItem.objects.filter(form__in=others, indicator__code__in=file.indicators)
    return [
        Problem(
            "indicator-in-two-forms",
            Text(vi=f"“{code}” đã có trong biểu mẫu {form}.", en=f"“{code}” is in the form {form} already."),
        )
        for code, form in rows.values_list("indicator__code", "form__code")
    ]
