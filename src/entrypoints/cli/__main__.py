"""The program: `tintype …`, or `python -m entrypoints.cli …`."""

import os
import sys
from collections.abc import Sequence

import typer

from entrypoints.cli.app import app
from entrypoints.cli.options import MakeContainer, Program, build_container

INTERRUPTED = 130
BROKEN_PIPE = 141
"""As a shell reports SIGINT and SIGPIPE."""


def main(arguments: Sequence[str] | None = None, make_container: MakeContainer = build_container) -> int:
    """Run one command and return its exit code; nothing is raised and no traceback printed, whatever happens."""
    arguments = sys.argv[1:] if arguments is None else arguments
    command = typer.main.get_command(app)
    try:
        code = command.main(list(arguments), "tintype", standalone_mode=False, obj=Program(make_container))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough (`| head`); without this Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except SystemExit as leaving:  # typer's way out when the pipe breaks within a command, and granian's at the end
        return BROKEN_PIPE if isinstance(leaving.__context__, BrokenPipeError) else _exit_code(leaving.code)
    except (typer.Abort, KeyboardInterrupt):
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  (the one place where every error ends)
        from entrypoints.cli.errors import print_error

        return print_error(error, as_json="--json" in arguments)
    return _exit_code(code)


def _exit_code(code: object) -> int:
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    sys.exit(main())
