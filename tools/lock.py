"""Write the hashed requirement files from pyproject.toml (`make lock`), without any registry's address.

uv is needed only here: it is taken from the environment or from PATH.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = [
    "--universal",
    "--generate-hashes",
    "--no-annotate",
    "--no-header",
    "--quiet",
    "--python-version=3.11",
]


def main() -> int:
    """Lock everything anew; versions already chosen stay unless `--upgrade` is given."""
    uv = shutil.which("uv", path=str(ROOT / ".venv" / "bin")) or shutil.which("uv")
    if uv is None:
        print("make lock needs uv: .venv/bin/pip install uv", file=sys.stderr)
        return 1
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    main_needs = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    extras = project["project"]["optional-dependencies"]
    lock(uv, main_needs, "requirements.txt")
    lock(uv, [*main_needs, *project["dependency-groups"]["dev"]], "requirements-dev.txt", "requirements.txt")
    for name, needs in extras.items():
        lock(uv, needs, f"requirements-{name}.txt", "requirements-dev.txt")
    return 0


def lock(uv: str, needs: list[str], output: str, same_as: str | None = None) -> None:
    """Resolve `needs` for all platforms into `output`, agreeing with the versions of `same_as`."""
    constraint = [f"--constraint={same_as}"] if same_as else []
    command = [uv, "pip", "compile", *OPTIONS, *constraint, *sys.argv[1:], f"--output-file={output}", "-"]
    subprocess.run(
        command, input="\n".join(needs), text=True, cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    print(f"{output}: {sum('==' in line for line in (ROOT / output).read_text().splitlines())} packages")


if __name__ == "__main__":
    sys.exit(main())
