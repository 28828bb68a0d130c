"""Every sentence with which a file is refused: what is wrong with it, and what to do instead."""

from kieumau.kernel.messages import Place, Problem, Refused, Text

TAKEN_VI = "Hệ thống nhận ảnh JPEG, PNG, WebP và tệp PDF, DOCX, XLSX."
TAKEN_EN = "Taken are pictures (JPEG, PNG, WebP) and the files PDF, DOCX and XLSX."
AS_PDF = Text(
    vi="Hãy in hoặc xuất lại thành PDF rồi gửi bản đó.", en="Print or export it to PDF anew and send that."
)
ANEW = Text(vi="Hãy chụp hoặc lưu lại rồi gửi bản mới.", en="Take or save it anew and send the new one.")


class FileRefused(Refused):
    """A file was not taken. Nothing of it was kept."""


# code: why, and what to do about it.
_SENTENCES: dict[str, tuple[Text, Text | None]] = {
    "empty-file": (Text(vi="Tệp không có nội dung.", en="The file is empty."), ANEW),
    "heic-picture": (
        Text(vi="Ảnh HEIC không phải máy nào cũng mở được.", en="Not every machine can open HEIC pictures."),
        Text(
            vi="Trên iPhone: Cài đặt › Camera › Định dạng › Tương thích nhất; hoặc gửi ảnh JPEG.",
            en="On an iPhone: Settings › Camera › Formats › Most Compatible; or send a JPEG.",
        ),
    ),
    "old-office-file": (
        Text(
            vi="Tệp Word, Excel kiểu cũ hoặc có mật khẩu.",
            en="This is an old Word or Excel file, or one with a password.",
        ),
        Text(
            vi="Hãy bỏ mật khẩu và lưu thành DOCX, XLSX hoặc PDF.",
            en="Take the password off and save it as DOCX, XLSX or PDF.",
        ),
    ),
    "path-in-name": (
        Text(vi="Tên tệp có chứa đường dẫn.", en="The name of the file holds a path."),
        Text(
            vi="Hãy đặt tên không có dấu / và \\ rồi gửi lại.",
            en="Rename it without / and \\ and send it again.",
        ),
    ),
    "two-kinds-at-once": (
        Text(
            vi="Tệp này cùng lúc là một loại tệp khác giấu bên trong.",
            en="This file is at the same time a file of another kind, hidden in it.",
        ),
        AS_PDF,
    ),
    "broken-picture": (Text(vi="Ảnh bị hỏng, không đọc được.", en="The picture is broken."), ANEW),
    "moving-picture": (
        Text(vi="Ảnh động không được nhận.", en="Moving pictures are not taken."),
        Text(vi="Hãy gửi ảnh tĩnh.", en="Send a still picture."),
    ),
    "picture-not-drawn": (
        Text(
            vi="Không vẽ lại được ảnh trong giới hạn bộ nhớ và thời gian.",
            en="The picture could not be drawn anew within the limits of memory and time.",
        ),
        Text(vi="Hãy gửi ảnh nhỏ hơn.", en="Send a smaller one."),
    ),
    "broken-pdf": (
        Text(
            vi="Tệp PDF không trọn vẹn: thiếu phần đầu hoặc phần cuối.",
            en="The PDF is not whole: its head or its end is missing.",
        ),
        AS_PDF,
    ),
    "encrypted-pdf": (
        Text(vi="Tệp PDF có mật khẩu hoặc bị mã hóa.", en="The PDF has a password or is encrypted."),
        Text(
            vi="Hãy bỏ mật khẩu (mở ra rồi in thành PDF) và gửi lại.",
            en="Take the password off (open it and print it to PDF) and send it again.",
        ),
    ),
    "pdf-that-acts": (
        Text(
            vi="Tệp PDF có lệnh tự chạy (mã lệnh, mở chương trình, gửi dữ liệu).",
            en="The PDF holds something that acts by itself (script, starting a program, sending data).",
        ),
        AS_PDF,
    ),
    "pdf-with-files": (
        Text(vi="Tệp PDF có tệp khác đính kèm bên trong.", en="Another file is attached inside the PDF."),
        Text(
            vi="Hãy gửi từng tệp riêng, hoặc in lại thành PDF.",
            en="Send each file by itself, or print it to PDF anew.",
        ),
    ),
    "pdf-not-seen-through": (
        Text(
            vi="Tệp PDF có phần nén không kiểm tra được.",
            en="Part of the PDF is packed in a way that cannot be checked.",
        ),
        AS_PDF,
    ),
    "broken-archive": (
        Text(vi="Tệp Word hoặc Excel bị hỏng.", en="The Word or Excel file is broken."),
        Text(vi="Hãy mở ra, lưu lại rồi gửi bản mới.", en="Open it, save it anew and send the new one."),
    ),
    "zip-bomb": (
        Text(
            vi="Tệp bung ra quá lớn so với kích thước của nó.",
            en="The file unfolds to far more than its size.",
        ),
        AS_PDF,
    ),
    "zip-with-paths": (
        Text(
            vi="Trong tệp có tên dẫn ra ngoài, tên trùng hoặc liên kết.",
            en="Names inside the file lead out of it, repeat, or are links.",
        ),
        AS_PDF,
    ),
    "office-with-macros": (
        Text(vi="Tệp có macro hoặc thành phần tự chạy.", en="The file holds macros or parts that act."),
        Text(
            vi="Hãy lưu thành DOCX, XLSX không có macro, hoặc PDF.",
            en="Save it as DOCX or XLSX without macros, or as PDF.",
        ),
    ),
    "office-with-files": (
        Text(
            vi="Trong tệp Word, Excel có tệp khác đính kèm.",
            en="Another file is embedded in the Word or Excel file.",
        ),
        AS_PDF,
    ),
    "office-that-fetches": (
        Text(
            vi="Khi mở, tệp tự lấy nội dung từ nơi khác (mẫu, ảnh hoặc bảng tính liên kết).",
            en="When opened, the file fetches something from elsewhere (a template, picture or workbook).",
        ),
        Text(
            vi="Hãy ngắt các liên kết (Excel: Dữ liệu › Sửa liên kết; Word: Tệp › Sửa liên kết) rồi lưu lại, "
            "hoặc xuất PDF. Liên kết để bấm vào vẫn giữ được.",
            en="Break those links (Excel: Data › Edit Links; Word: File › Edit Links) and save, or send "
            "a PDF. Links to be clicked may stay.",
        ),
    ),
    "office-not-seen-through": (
        Text(
            vi="Tệp Word, Excel có phần ghi theo cách không kiểm tra được.",
            en="Part of the Word or Excel file is written in a way that cannot be checked.",
        ),
        AS_PDF,
    ),
    "office-with-entities": (
        Text(
            vi="Tệp có khai báo XML có thể bung ra vô hạn.",
            en="The file declares XML entities, which can unfold without end.",
        ),
        AS_PDF,
    ),
    "virus-found": (
        Text(vi="Phần mềm diệt vi-rút báo tệp bị nhiễm.", en="The virus scanner says the file is infected."),
        None,
    ),
    "scanner-silent": (
        Text(
            vi="Chưa kiểm tra được vi-rút nên chưa nhận tệp.",
            en="The virus scanner did not answer, so the file was not taken.",
        ),
        Text(
            vi="Hãy thử lại sau; nếu vẫn vậy, báo người quản trị.",
            en="Try again later; if it stays so, tell the administrator.",
        ),
    ),
}


def refusal(code: str, name: str = "") -> FileRefused:
    """The refusal with a code of the table, naming the file."""
    reason, hint = _SENTENCES[code]
    return FileRefused([Problem(code, reason, hint, Place(file=name))])


def too_large(limit: int, name: str = "") -> FileRefused:
    """More bytes than are taken."""
    megabytes = limit // 1024 // 1024
    size = f"{megabytes} MB" if megabytes else f"{limit} byte"
    reason = Text(vi=f"Tệp lớn hơn {size}.", en=f"The file is larger than {size}.")
    hint = Text(
        vi="Hãy chia nhỏ, hoặc quét với độ phân giải thấp hơn.", en="Split it, or scan it more coarsely."
    )
    return FileRefused([Problem("too-large", reason, hint, Place(file=name))])


def too_many_pixels(width: int, height: int, name: str = "") -> FileRefused:
    """More pixels than are drawn."""
    size = f"{width} × {height}"
    reason = Text(vi=f"Ảnh quá lớn: {size} điểm ảnh.", en=f"The picture is too large: {size} pixels.")
    hint = Text(vi="Hãy gửi ảnh nhỏ hơn.", en="Send a smaller one.")
    return FileRefused([Problem("too-many-pixels", reason, hint, Place(file=name))])


def not_taken(extension: str, claimed: str, found: Text | None, name: str = "") -> FileRefused:
    """Of no kind that is taken: what the name says (`claimed`: a kind that is), and what is in it."""
    what_vi, what_en = (f": đó là {found.vi}", f": it is {found.en}") if found else ("", "")
    if claimed:
        vi = f"Tên tệp là .{extension} nhưng nội dung không phải là {claimed}"
        en = f"The file is named .{extension}, but what is in it is no {claimed}"
        else_vi, else_en = ", cũng không thuộc loại nào được nhận", ", nor of any kind that is taken"
        reason = Text(vi=f"{vi}{what_vi or else_vi}.", en=f"{en}{what_en or else_en}.")
    else:
        vi, en = (
            (f"Tên tệp là .{extension}. ", f"The file is named .{extension}. ") if extension else ("", "")
        )
        is_vi, is_en = (found.vi, found.en) if found else ("loại lạ", "of a kind unknown here")
        reason = Text(
            vi=f"{vi}Nội dung tệp là {is_vi}: loại này không được nhận.",
            en=f"{en}What is in it is {is_en}: such files are not taken.",
        )
    return FileRefused([Problem("unknown-kind", reason, Text(vi=TAKEN_VI, en=TAKEN_EN), Place(file=name))])


def wrong_extension(extension: str, kind: str, name: str = "") -> FileRefused:
    """The name says one kind, the content another."""
    reason = Text(
        vi=f"Tên tệp là .{extension} nhưng nội dung là {kind}.",
        en=f"The file is named .{extension}, but what is in it is {kind}.",
    )
    hint = Text(
        vi="Hãy đặt tên đúng loại, hoặc lưu lại bằng phần mềm đã tạo ra nó.",
        en="Name it as what it is, or save it anew with the program it came from.",
    )
    return FileRefused([Problem("wrong-extension", reason, hint, Place(file=name))])
