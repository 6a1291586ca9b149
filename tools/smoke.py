"""Does it work for a user? Builds an sdist, a wheel from it, and runs that in a bare environment elsewhere.

What only a developer's machine has (pytest, the checkout, files that never reached the package)
is absent there, so a broken release shows here first.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_sdist(sys.argv[1]))"


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command that must succeed; what it said is shown when it does not."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    if done.returncode:
        sys.exit(f"{' '.join(str(part) for part in command)}\nended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    """Build, install, run; ends the process with words at the first thing that fails."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        elsewhere = work / "elsewhere"
        elsewhere.mkdir()
        pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
        run(sys.executable, "-c", BUILD, work, cwd=ROOT)
        (sdist,) = work.glob("*.tar.gz")
        run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", work, sdist, cwd=work)
        (wheel,) = work.glob("*.whl")

        venv.create(work / "bare", with_pip=True)
        scripts = work / "bare" / ("Scripts" if sys.platform == "win32" else "bin")
        bare_pip = (scripts / "python", *pip[1:])
        run(*bare_pip, "install", "--constraint", ROOT / "requirements.lock", wheel, cwd=elsewhere)
        jointbuy = scripts / "jointbuy"
        if "check" not in run(jointbuy, "--help", cwd=elsewhere):
            sys.exit("jointbuy --help names no verb")
        verdict = run(jointbuy, "demo", cwd=elsewhere)
        if "eligible" not in verdict and "undetermined" not in verdict:
            sys.exit(f"jointbuy demo printed no verdict:\n{verdict}")
        print(f"smoke: {sdist.name} -> {wheel.name}, installed bare; --help and demo answer from another folder")


if __name__ == "__main__":
    main()
