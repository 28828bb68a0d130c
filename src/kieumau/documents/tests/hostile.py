"""Good files and bad ones, made here byte by byte: nothing hostile lies in the repository."""

import io
import struct
import zlib
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from PIL import Image

MEGABYTE = 1024 * 1024
_TYPES = (
    '<?xml version="1.0"?><Types><Override PartName="/{main}" ContentType='
    '"application/vnd.openxmlformats-officedocument.{word}.main+xml"/></Types>'
)
_DOCX = {
    "[Content_Types].xml": _TYPES.format(main="word/document.xml", word="wordprocessingml.document"),
    "_rels/.rels": "<Relationships/>",
    "word/document.xml": "<document>Kế hoạch năm 2026</document>",
}
_XLSX = {
    "[Content_Types].xml": _TYPES.format(main="xl/workbook.xml", word="spreadsheetml.sheet"),
    "_rels/.rels": "<Relationships/>",
    "xl/workbook.xml": "<workbook/>",
    "xl/printerSettings/printerSettings1.bin": "\x01",
}
GPS = {0: b"\x02\x03\x00\x00", 1: "N", 2: (10.0, 2.0, 3.5), 3: "E", 4: (105.0, 47.0, 1.25)}


def photo(seed: int = 0, size: tuple[int, int] = (64, 48), gps: bool = True) -> bytes:
    """A JPEG as a phone makes it: with the place, the camera's name, a comment, turned by 90 degrees."""
    picture = Image.radial_gradient("L").resize(size).convert("RGB")
    picture.paste((seed % 6 * 40, seed // 6 % 6 * 40, seed // 36 * 40), (0, 0, 16, 16))
    out = io.BytesIO()
    if gps:
        exif = Image.Exif()
        exif[0x0112], exif[0x010F], exif[0x9286] = 6, "MAY-ANH-BI-MAT", "ghi chú"
        exif.get_ifd(0x8825).update(GPS)
        profile = b"\x00" * 128
        picture.save(out, "JPEG", exif=exif, comment=b"NOI-BI-MAT", icc_profile=profile)
    else:
        picture.save(out, "JPEG")
    return out.getvalue()


def picture(
    kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (40, 30), **options: object
) -> bytes:
    """A small picture of a kind."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def moving(kind: str = "PNG") -> bytes:
    """A picture of three frames."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "green", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def pixel_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few hundred bytes that says it is 900 million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(90_000)))
        + chunk(b"IEND", b"")
    )


def pdf(body: bytes = b"", trailer: bytes = b"", after: bytes = b"\n") -> bytes:
    """A PDF of one empty page; `body` are more objects, `trailer` more keys of the trailer."""
    objects = (
        b"1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Kids [] /Count 0>> endobj\n"
    )
    start = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + objects + body
    return (
        start
        + b"xref\n0 1\n0000000000 65535 f \ntrailer <</Size 3 /Root 1 0 R"
        + trailer
        + b">>\nstartxref\n"
        + str(len(start)).encode()
        + b"\n%%EOF"
        + after
    )


def packed(
    inside: bytes,
    dictionary: bytes = b"/Filter /FlateDecode",
    data: bytes | None = None,
    before: bytes = b"",
) -> bytes:
    """An object stream with `inside` in it, compressed; its keys stand `before` its type and behind it."""
    data = zlib.compress(inside) if data is None else data
    head = b"9 0 obj <<%b/Type /ObjStm /N 1 /First 4 /Length %d %b" % (before, len(data), dictionary)
    return head + b">>\nstream\n" + data + b"\nendstream endobj\n"


def archive(parts: Mapping[str, str | bytes], compression: int = ZIP_DEFLATED) -> bytes:
    """A ZIP archive with these parts, names as they are."""
    out = io.BytesIO()
    with ZipFile(out, "w", compression) as made:
        for name, content in parts.items():
            entry = ZipInfo(name)
            entry.filename = name
            entry.compress_type = compression
            made.writestr(entry, content)
    return out.getvalue()


def parts() -> dict[str, str]:
    """The parts of a DOCX."""
    return dict(_DOCX)


def docx(**more: str | bytes) -> bytes:
    """A DOCX; `word__vba=…` is a further part “word/vba”, and replaces one of that name."""
    return archive({**_DOCX, **{name.replace("__", "/"): content for name, content in more.items()}})


def docx_with(name: str, content: str | bytes = "x") -> bytes:
    """A DOCX with one more part of any name."""
    return archive({**_DOCX, name: content})


def xlsx() -> bytes:
    """An XLSX."""
    return archive(_XLSX)


def linked(kind: str, target: str, quote: str = '"', coding: str = "utf-8") -> bytes:
    """A DOCX with one link from its text to what is no part of it."""
    said = {"Id": "r1", "Type": f"http://schemas.example/2006/relationships/{kind}", "Target": target}
    words = " ".join(
        f"{key}={quote}{text}{quote}" for key, text in (said | {"TargetMode": "External"}).items()
    )
    markup = f"<Relationships><Relationship {words}/></Relationships>"
    return docx_with("word/_rels/document.xml.rels", markup.encode(coding))


def text(inside: str) -> bytes:
    """A DOCX with that markup in its text."""
    return docx_with("word/document.xml", f'<w:document xmlns:w="w">{inside}</w:document>')


def zip_bomb(megabytes: int = 120) -> bytes:
    """A DOCX of some hundred kilobytes that unfolds to as many megabytes."""
    return docx_with("word/theme.xml", b" " * (megabytes * MEGABYTE))


def lying_bomb() -> bytes:
    """A DOCX with a large part whose sizes in the index say that it is small."""
    made = bytearray(docx_with("word/theme.xml", bytes(30 * MEGABYTE)))
    size = struct.pack("<I", 30 * MEGABYTE)
    while (place := made.find(size)) >= 0:
        made[place : place + 4] = struct.pack("<I", 1000)
    return bytes(made)


def overlapping() -> bytes:
    """A DOCX whose index names one part many times under different names: unfolded over and over."""
    made = docx_with("word/theme.xml", bytes(MEGABYTE))
    end = made.rfind(b"PK\x05\x06")
    _, _, _, count, _, size, offset, _ = struct.unpack("<4s4H2LH", made[end:])
    index = made[offset : offset + size]
    entry = index[index.rfind(b"PK\x01\x02") :]
    more = b"".join(entry.replace(b"theme.xml", f"thm{number:02}.xml".encode()) for number in range(90))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count + 90, count + 90, size + len(more), offset, 0)
    return made[:offset] + index + more + tail


def link_inside() -> bytes:
    """A DOCX with a symbolic link in it."""
    out = io.BytesIO()
    with ZipFile(out, "w") as made:
        for name, content in _DOCX.items():
            made.writestr(name, content)
        entry = ZipInfo("word/link.xml")
        entry.external_attr = 0o120777 << 16
        made.writestr(entry, "/etc/passwd")
    return out.getvalue()


def pdf_and_zip() -> bytes:
    """A PDF whose comment is a whole ZIP archive: a viewer sees a page, an unpacker a program."""
    inside = archive({"setup.exe": "MZ"}, ZIP_STORED)
    return pdf(body=b"%" + inside.replace(b"\n", b"") + b"\n")


def heic() -> bytes:
    """The head of an iPhone's picture."""
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
