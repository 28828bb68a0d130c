"""Setting up, in a small checkout of its own and without a network: what is done is not done again.

The checkout has the real `tools/setup.py`, one package to install (a wheel beside it) and a `kieumau`
whose build the tests can make fail or hang.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pip
import pytest

SETUP = Path(__file__).resolve().parent.parent / "tools" / "setup.py"
PACKAGES, OURSELVES = "Python packages (requirements.txt)", "the command kieumau"
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "kieumau"
version = "1.0"
"""
# Builds an editable wheel; hangs as long as there is a file `hang`.
BACKEND = """
import pathlib, time, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    while pathlib.Path("hang").exists():
        pathlib.Path("hanging").touch()
        time.sleep(0.05)
    name = "kieumau-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w") as wheel:
        for file, text in {files}.items():
            wheel.writestr(file, text)
    return name
"""


def wheel_files(name: str, version: str) -> dict[str, str]:
    """What the smallest wheel has in it."""
    info = f"{name}-{version}.dist-info"
    return {
        f"{name}_version.py": f"version = '{version}'\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }


@dataclass(frozen=True)
class Checkout:
    """A folder that `tools/setup.py` takes for the repository."""

    root: Path

    def require(self, version: str, digest: str = "") -> None:
        """Ask for this version of the package `tiny`, by its hash or by another."""
        path = self.root / f"tiny-{version}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            for name, text in wheel_files("tiny", version).items():
                wheel.writestr(name, text)
        digest = digest or hashlib.sha256(path.read_bytes()).hexdigest()
        (self.root / "requirements.txt").write_text(f"{path} --hash=sha256:{digest}\n", encoding="utf-8")

    def start(self) -> subprocess.Popen[str]:
        """Begin to set up for the demo."""
        signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by a job in the background
        environment = os.environ | {
            "DATABASE_URL": "postgresql://somebody@db.example/theirs",
            "KIEUMAU_HOME": str(self.root / ".kieumau"),
            "PIP_NO_INDEX": "1",
        }
        command = [sys.executable, str(self.root / "tools" / "setup.py"), "demo"]
        return subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def set_up(self) -> tuple[int, list[str], str]:
        """Set up; the exit code, the steps that were done, all that was said."""
        process = self.start()
        said, _ = process.communicate(timeout=180)
        steps = re.findall(r"^ *[\d.]+ s  (.*)$", said, re.MULTILINE)
        return process.returncode, [step for step in steps if step != "ready"], said

    def installed(self) -> str:
        """The version of `tiny` in the environment."""
        question = "from tiny_version import version; print(version)"
        return subprocess.check_output(
            [self.root / ".venv" / "bin" / "python", "-c", question], text=True
        ).strip()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Set up once. The environment is there already and borrows our pip: to install one takes seconds."""
    made = Checkout(tmp_path_factory.mktemp("checkout"))
    (made.root / "tools").mkdir()
    (made.root / "src").mkdir()
    shutil.copy(SETUP, made.root / "tools")
    (made.root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    backend = BACKEND.replace("{files}", repr(wheel_files("kieumau", "1.0")))
    (made.root / "backend.py").write_text(backend, encoding="utf-8")
    (made.root / "requirements-dev.txt").touch()
    venv.create(made.root / ".venv", symlinks=True, with_pip=False)
    (packages,) = (made.root / ".venv" / "lib").glob("python*/site-packages")
    (packages / "pip").symlink_to(Path(pip.__file__).parent)
    made.require("1.0")
    code, steps, said = made.set_up()
    assert (code, steps) == (0, [PACKAGES, OURSELVES]), said
    return made


def test_the_second_time_there_is_nothing_to_do(checkout: Checkout) -> None:
    assert checkout.set_up() == (0, [], "")


def test_a_changed_requirement_is_installed_and_nothing_else_is_done(checkout: Checkout) -> None:
    checkout.require("2.0")
    code, steps, said = checkout.set_up()
    assert (code, steps) == (0, [PACKAGES]), said
    assert checkout.installed() == "2.0"
    assert checkout.set_up() == (0, [], "")


def test_a_step_that_failed_says_so_in_both_languages_and_is_done_again(checkout: Checkout) -> None:
    checkout.require("3.0", digest="0" * 64)
    for _ in range(2):
        code, steps, said = checkout.set_up()
        assert (code, steps) == (1, []), said
        assert "Failed: installing requirements.txt" in said
        assert "Bước này hỏng: installing requirements.txt" in said
        assert "Traceback" not in said
    checkout.require("3.0")
    assert checkout.set_up()[:2] == (0, [PACKAGES])
    assert checkout.installed() == "3.0"


def test_a_step_that_was_interrupted_is_done_again(checkout: Checkout) -> None:
    hang, hanging = checkout.root / "hang", checkout.root / "hanging"
    hang.touch()
    (checkout.root / "pyproject.toml").write_text(PYPROJECT + 'description = "new"\n', encoding="utf-8")
    process = checkout.start()
    until = time.monotonic() + 180
    while not hanging.exists() and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=180)
    assert process.returncode == 130, said
    assert "goes on from here" in said
    hang.unlink()
    assert checkout.set_up()[:2] == (0, [OURSELVES])
    assert checkout.set_up() == (0, [], "")
