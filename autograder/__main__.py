"""`python3 -m autograder ...`: makes .venv, installs what the command needs, hands over to autograder.cli.

This file has syntax that even Python 2.7 can read: an old Python must get as far as the sentence that says it is too
old. The rest is in autograder.start.
"""
# ruff: noqa: UP031, UP036
# mypy: allow-untyped-defs

import sys


def main():
    if sys.version_info[:2] < (3, 11):
        sys.stderr.write(
            "autograder: The course needs Python 3.11 or newer, and %s is Python %s: install a newer Python and start "
            "with it, for example: python3.12 -m autograder lab\n"
            % (sys.executable, ".".join(str(part) for part in sys.version_info[:2]))
        )
        sys.exit(1)
    try:
        from autograder.start.command import main as start
    except ImportError:  # the kit's wheel: whoever installed it has installed what it needs
        from autograder.cli import main as start_here

        start_here()
        return
    start(sys.argv[1:])


if __name__ == "__main__":
    main()
