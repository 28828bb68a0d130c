"""What the repository as a whole promises: no machine of ours in it, no registry, locks that fit."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Spelled with brackets, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    rb"(py[p]i\.org|files\.pythonh[o]sted|registry\.npmj[s]|registry\.yarnp[k]g|--(extra-)?index-u[r]l|--find-l[i]nks)"
)
MACHINES = re.compile(rb"(?<![\w.])(/wor[k]/|/roo[t]/|/hom[e]/\w|/User[s]/\w|[C]:\\User)")
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".woff2", ".xlsx", ".gz", ".ico", ".pdf"}


def tracked() -> list[Path]:
    """Every file under version control that exists."""
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    return [path for path in paths if path.is_file()]


def places(pattern: re.Pattern[bytes]) -> list[str]:
    """`path:line: match` for every match in a text file."""
    found = []
    for path in tracked():
        if path.suffix in BINARY:
            continue
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            if match := pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0].decode()}")
    return found


def test_no_registry_address() -> None:
    assert places(REGISTRIES) == []


def test_no_path_of_a_machine() -> None:
    assert places(MACHINES) == []


def test_no_lock_file_that_records_addresses() -> None:
    assert [path.name for path in tracked() if path.name in {"uv.lock", "poetry.lock", "Pipfile.lock"}] == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text().splitlines()
    assert b'"resolved"' not in (ROOT / "package-lock.json").read_bytes()


@pytest.mark.parametrize("name", ["", "-dev", "-postgres", "-node"])
def test_every_locked_package_has_hashes(name: str) -> None:
    text = (ROOT / f"requirements{name}.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    assert lines
    assert all(re.match(r"[a-z0-9][a-z0-9.\-]*==\S+", line) and "--hash=sha256:" in line for line in lines)


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [
        *project["project"]["dependencies"],
        *project["build-system"]["requires"],
        *project["dependency-groups"]["dev"],
    ]
    locked = set(re.findall(r"^([a-z0-9.\-]+)==", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE))
    names = {re.split(r"[\[~=<>! ;]", need)[0].lower().replace("_", "-") for need in asked}
    assert names - locked == set(), "run make lock"


def test_every_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text().partition("[tool.")[0].splitlines()
    needs = [line for line in lines if re.match(r'\s+"[A-Za-z][\w.\[\],-]*~=', line)]
    assert needs
    assert [line.strip() for line in needs if "  # " not in line] == []


def test_the_main_locks_agree() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9.\-]+==[^ \\]+", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")
