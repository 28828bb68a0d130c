"""Papers of the demo: small files of our own making, put on shelves through the intake like any other."""

import io
import tempfile
import unicodedata
import zlib
from datetime import datetime
from pathlib import Path

from PIL import Image, ImageDraw

from kieumau.accounts.models import User
from kieumau.documents.actions import add_with_files
from kieumau.documents.installation import limits, scanner, store
from kieumau.documents.intake import take_in
from kieumau.documents.models import Document
from kieumau.documents.rules import Facts
from kieumau.kernel.text import slug

STAMP = ("TAI LIEU GIA LAP DE DUNG THU", "SYNTHETIC, FOR TRIAL ONLY")
WIDTH = 62  # letters on a line


def put(unit_id: int, facts: Facts, *, actor: User, now: datetime, is_picture: bool = False) -> Document:
    """A document with one file on the shelf of a unit: a page with what it says, or a drawn picture."""
    kept = store()
    kept.incoming.mkdir(parents=True, exist_ok=True)
    name = f"{slug(facts.summary)[:60]}.{'jpg' if is_picture else 'pdf'}"
    content = picture() if is_picture else page([facts.reference, facts.issuer, facts.summary])
    with tempfile.NamedTemporaryFile(dir=kept.incoming, delete=False) as came:
        came.write(content)
    with take_in(Path(came.name), name, limits=limits(), scanner=scanner()) as taken:
        return add_with_files(unit_id, facts, [taken], store=kept, actor=actor, now=now)


def page(paragraphs: list[str]) -> bytes:
    """A PDF of one page. Its letters have no marks: the fonts that every reader has know none."""
    lines = [*STAMP, ""]
    for one in filter(None, paragraphs):
        lines += [*_wrapped(_plain(one)), ""]
    shown = "".join(f"({_escaped(line)}) '\n" for line in lines)
    drawn = zlib.compress(f"BT /F1 13 Tf 18 TL 60 780 Td\n{shown}ET".encode("ascii"))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    begins = out.tell()
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, rows))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, begins))
    return out.getvalue()


def picture() -> bytes:
    """A drawing of a house with a fire engine before it, as JPEG: nobody is on it."""
    canvas = Image.new("RGB", (640, 420), "#cfe3ee")
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, 320, 640, 420), fill="#8a9a7b")
    draw.rectangle((60, 140, 300, 330), fill="#e9dcc3", outline="#5d5242", width=3)
    draw.polygon([(40, 140), (180, 60), (320, 140)], fill="#a4533c")
    for left in (90, 165, 240):
        draw.rectangle((left, 180, left + 40, 225), fill="#6f8ea3")
    draw.rectangle((370, 250, 580, 330), fill="#c0392b", outline="#5b1a13", width=3)
    draw.rectangle((520, 265, 570, 295), fill="#dbe9f1")
    draw.line((390, 245, 545, 215), fill="#d9d9d9", width=6)
    for left in (395, 525):
        draw.ellipse((left, 312, left + 36, 348), fill="#2b2b2b")
    draw.text((20, 395), STAMP[1], fill="#2b2b2b")
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=80)
    return out.getvalue()


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(one for one in apart if not unicodedata.combining(one)).encode("ascii", "ignore").decode()


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
