"""What pyproject.toml cannot say: a built package carries `examples/`, a checkout keeps it at the root."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent


class BuildWithExamples(build_py):
    """Copies the examples beside the modules, where `jointbuy demo` looks first."""

    def run(self) -> None:
        """Build as usual; an editable install reads `examples/` in place."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "jointbuy" / "examples"
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(ROOT / "examples", target)


setup(cmdclass={"build_py": BuildWithExamples})
