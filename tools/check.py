"""Every check but the tests (`make check-rest`): all run, all failures shown."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / ".venv" / "bin"
DJANGO = "5.2"


def checks() -> list[tuple[str, list[str]]]:
    """What is asked, and the command that answers with its exit code."""
    templates = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "src").rglob("templates/**/*.html"))]
    return [
        ("types", ["mypy"]),
        (
            "types of the script",
            ["node", "node_modules/typescript/bin/tsc", "--noEmit", "--project", "frontend"],
        ),
        ("format", ["ruff", "format", "--check", "--quiet", "."]),
        ("lint", ["ruff", "check", "--quiet", "."]),
        ("direction of imports", ["lint-imports", "--no-logo"]),
        ("migrations are complete", ["django-admin", "makemigrations", "--check", "--dry-run"]),
        ("dependencies used and declared", ["deptry", "--no-ansi", "src"]),
        ("template style", ["djade", f"--target-version={DJANGO}", "--check", *templates]),
        ("template format", ["djangofmt", "--quiet", "--check", *templates]),
    ]


def main() -> int:
    """Run all, two at a time; 1 if any failed."""
    begun = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, *zip(*checks(), strict=True)))
    failed = [name for name, passed in results if not passed]
    verdict = f"failed: {', '.join(failed)}" if failed else "all checks passed"
    print(f"{time.monotonic() - begun:6.1f} s  {verdict}")
    return 1 if failed else 0


def run(name: str, command: list[str]) -> tuple[str, bool]:
    """Run one check and print its line, with what it said if it failed."""
    begun = time.monotonic()
    # Node.js may be the system's; everything else is in the environment.
    program = (
        shutil.which(command[0], path=f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}") or command[0]
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "kieumau.config.settings"}
    done = subprocess.run(
        [program, *command[1:]],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    mark = "ok    " if done.returncode == 0 else "FAILED"
    said = f"\n{done.stdout.rstrip()}" if done.returncode else ""
    print(f"{time.monotonic() - begun:6.1f} s  {mark}  {name}{said}", flush=True)
    return name, done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
