"""The command line of a clone: `explainer`, for the content and the site beside this file."""

import sys
from collections.abc import Sequence
from pathlib import Path

from explainer import command

HERE = Path(__file__).resolve().parent


def main(words: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code."""
    return command.main(words, HERE, "build.py")


if __name__ == "__main__":
    sys.exit(main())
