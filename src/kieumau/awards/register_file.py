"""The public register of titles as a file: what its pages show to anybody, with the same filters."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from kieumau.awards import queries, words
from kieumau.awards.models import Title
from kieumau.awards.rules import Ground
from kieumau.awards.views import filters_of, went_against
from kieumau.exports.blocks import one_moment
from kieumau.exports.formats import FORMATS, Sheet, SheetColumn, csv_bytes, xlsx_bytes
from kieumau.exports.rows import Column, Kind
from kieumau.kernel.messages import Text

FORMAT = "dang"
BLOCK = 1_000


class Row(NamedTuple):
    """One title. `unit_name` is what the unit was called then; days are days, what is not there is empty."""

    unit_name: str
    called_today: str
    title: str
    programme: str
    standing: str
    reference: str
    decided_on: date
    issuer: str
    first_day: date
    last_day: date
    certificate: str
    ceremony_on: date | None
    against: str
    why: str
    withdrawn_on: date | None
    withdrawn_by: str
    ground: str
    corrections: int
    sha256: str
    address: str


# What stands above each column of a sheet, and its width in letters.
HEADINGS: dict[str, tuple[Text, int]] = {
    "unit_name": (Text(vi="Đơn vị", en="Unit"), 30),
    "called_today": (Text(vi="Tên hiện nay", en="Called today"), 26),
    "title": (Text(vi="Danh hiệu", en="Title"), 44),
    "programme": (Text(vi="Chương trình", en="Programme"), 34),
    "standing": (Text(vi="Tình trạng", en="State"), 18),
    "reference": (Text(vi="Số quyết định", en="Decision"), 18),
    "decided_on": (Text(vi="Ngày quyết định", en="Day of the decision"), 12),
    "issuer": (Text(vi="Cơ quan ban hành", en="Issued by"), 26),
    "first_day": (Text(vi="Từ ngày", en="Held from"), 12),
    "last_day": (Text(vi="Đến hết ngày", en="Last day"), 12),
    "certificate": (Text(vi="Số giấy chứng nhận", en="Certificate"), 18),
    "ceremony_on": (Text(vi="Ngày trao", en="Ceremony"), 12),
    "against": (Text(vi="Trái với", en="Went against"), 40),
    "why": (Text(vi="Lý do công nhận", en="Why all the same"), 40),
    "withdrawn_on": (Text(vi="Ngày thu hồi", en="Withdrawn on"), 12),
    "withdrawn_by": (Text(vi="Quyết định thu hồi", en="Withdrawn by"), 18),
    "ground": (Text(vi="Căn cứ thu hồi", en="Ground"), 30),
    "corrections": (Text(vi="Số lần đính chính", en="Corrections"), 10),
    "sha256": (Text(vi="Mã kiểm chứng (SHA-256) của hồ sơ", en="Fingerprint (SHA-256) of the dossier"), 30),
    "address": (Text(vi="Địa chỉ", en="Address"), 40),
}
_DAYS = ("decided_on", "first_day", "last_day", "ceremony_on", "withdrawn_on")
_KINDS: dict[str, Kind] = {"corrections": "whole", **dict.fromkeys(_DAYS, "day")}
COLUMNS = tuple(Column(name, _KINDS.get(name, "text")) for name in Row._fields)


@login_not_required
@require_safe
def titles_file(request: HttpRequest) -> HttpResponseBase:
    """The titles that the register shows with these filters, all of them, streamed as CSV or a workbook."""
    word = request.GET.get(FORMAT, "csv")
    if word not in ("csv", "xlsx"):
        raise Http404
    form, language, today = FORMATS[word], get_language() or "vi", timezone.localdate()
    headers = {
        "Content-Type": form.content_type,
        "Content-Disposition": f'attachment; filename="kieumau-titles-{today.isoformat()}.{form.ending}"',
        "Cache-Control": "private, no-store",
    }
    if word == "xlsx":  # packed already
        headers["Content-Encoding"] = "identity"
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    blocks = _blocks(filters_of(request).titles(today), today, language, request.build_absolute_uri)
    if word == "csv":
        return StreamingHttpResponse(csv_bytes(COLUMNS, blocks), headers=headers)
    columns = [SheetColumn(said.in_(language), width) for said, width in HEADINGS.values()]
    name = Text(vi="Danh hiệu", en="Titles").in_(language)
    return StreamingHttpResponse(xlsx_bytes(Sheet(name, columns, blocks, language)), headers=headers)


def _blocks(
    found: QuerySet[Title], today: date, language: str, whole: Callable[[str], str]
) -> Iterator[list[Row]]:
    """The rows as of one moment, by a cursor of the server. One query more a block."""
    with one_moment():
        titles = found.annotate(put_right=Count("corrections")).iterator(chunk_size=BLOCK)
        while some := list(islice(titles, BLOCK)):
            names = queries.borne(some, today)
            with override(language):
                rows = [_row(one, names[one.pk], today, language, whole) for one in some]
            yield rows


def _row(one: Title, name: queries.Borne, today: date, language: str, whole: Callable[[str], str]) -> Row:
    withdrawal, programme = getattr(one, "withdrawal", None), one.programme
    return Row(
        unit_name=name.then.in_(language),
        called_today=name.now.in_(language) if name.now else "",
        title=Text(vi=one.name_vi, en=one.name_en).in_(language),
        programme=Text(vi=programme.name_vi, en=programme.name_en).in_(language) if programme else "",
        standing=str(words.STANDINGS[one.standing(today)]),
        reference=one.reference,
        decided_on=one.decided_on,
        issuer=one.issuer,
        first_day=one.valid.lower,
        last_day=one.last_day,
        certificate=one.certificate,
        ceremony_on=one.ceremony_on,
        against=" ".join(said.in_(language) for said in went_against(one)),
        why=one.why if one.against else "",
        withdrawn_on=withdrawal.withdrawn_on if withdrawal else None,
        withdrawn_by=withdrawal.reference if withdrawal else "",
        ground=str(words.GROUNDS[Ground(withdrawal.ground)]) if withdrawal else "",
        corrections=vars(one)["put_right"],
        sha256=one.dossier_sha256,
        address=whole(reverse("title", args=[one.pk])),
    )
