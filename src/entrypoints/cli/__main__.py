"""The program: `tintype …`, or `python -m entrypoints.cli …`."""

import io
import os
import sys
from collections.abc import Sequence

import typer

from entrypoints.cli.app import app
from entrypoints.cli.options import MakeContainer, Program, build_container
from entrypoints.garbage import collect_rarely

INTERRUPTED = 130
BROKEN_PIPE = 141
"""The exit codes that shells use for SIGINT and SIGPIPE."""


def main(arguments: Sequence[str] | None = None, make_container: MakeContainer = build_container) -> int:
    """Run one command and return its exit code. Raises nothing and prints no traceback."""
    collect_rarely()
    arguments = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):  # names of files need not be UTF-8; JSON escapes them in the same way
        sys.stdout.reconfigure(errors="backslashreplace")
    command = typer.main.get_command(app)
    try:
        code = command.main(list(arguments), "tintype", standalone_mode=False, obj=Program(make_container))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of the output has ended (`| head`). Without this, Python prints an error at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except SystemExit as ending:  # raised by typer when the pipe breaks within a command, and by granian at its end
        return BROKEN_PIPE if isinstance(ending.__context__, BrokenPipeError) else _exit_code(ending.code)
    except (typer.Abort, KeyboardInterrupt):
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  (the last handler of all errors)
        from entrypoints.cli.errors import print_error

        return print_error(error, as_json="--json" in arguments)
    return _exit_code(code)


def _exit_code(code: object) -> int:
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    sys.exit(main())
