"""`kieumau awards record-earlier`: all rows are written, or none."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from kieumau.awards.models import Title
from kieumau.cli.app import app
from kieumau.programmes.tests.cast import load_cast

HEAD = "unit,title_vi,title_en,reference,decided_on,issuer\n"
ROW = "31135,Xã 3 không,Commune of three noes,9/QĐ-UBND,01/12/2024,UBND\n"
RUNNER = CliRunner()


@pytest.mark.django_db
def test_titles_of_before_are_recorded_or_told_what_is_wrong(tmp_path: Path) -> None:
    load_cast()
    path = tmp_path / "titles.csv"
    path.write_text(HEAD + ROW + ROW.replace("31135", "99999"), encoding="utf-8")
    done = RUNNER.invoke(app, ["awards", "record-earlier", str(path), "--json"])
    assert done.exit_code == 1
    assert '"row": 3' in done.stdout
    assert '"column": "unit"' in done.stdout
    assert not Title.objects.exists()
    path.write_text(HEAD + ROW, encoding="utf-8")
    done = RUNNER.invoke(app, ["awards", "record-earlier", str(path), "--lang", "en"])
    assert (done.exit_code, done.stdout) == (0, "Put down 1 earlier titles.\n")
    assert Title.objects.get().name_en == "Commune of three noes"
