"""Running the service, and finding out why it does not."""

from typing import Annotated

import typer

from entrypoints.cli.options import Json


def add_to(app: typer.Typer) -> None:
    for command in (serve, worker, inference, doctor):
        app.command()(command)


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on (TINTYPE_HOST).")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port (TINTYPE_PORT).")] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes of the API.")] = 1,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Leave the pictures to `tintype worker`.")] = False,
) -> None:
    """Serve the API, with a worker beside it, until Ctrl-C."""
    from entrypoints.cli.errors import load_settings
    from entrypoints.processes.serve import ServeOptions
    from entrypoints.processes.serve import serve as begin

    changed = {"host": host, "port": port}
    chosen = load_settings().model_copy(update={name: value for name, value in changed.items() if value is not None})
    begin(chosen, ServeOptions(workers, worker=not no_worker))


def inference(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on (TINTYPE_HOST).")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port; 9000 by default.")] = None,
) -> None:
    """Serve the model alone, until Ctrl-C; no database.

    Other applications, and the API with TINTYPE_CLASSIFIER=http, classify pictures here.
    """
    from entrypoints.cli.errors import load_settings
    from entrypoints.processes.inference import serve_inference

    chosen = load_settings()
    if host is not None:
        chosen = chosen.model_copy(update={"host": host})
    serve_inference(chosen, port or chosen.inference_port)


def worker(context: typer.Context) -> None:
    """Understand pictures until Ctrl-C.

    Any number of workers may run, beside `tintype serve --no-worker` or on machines of their own.
    """
    from asyncio import CancelledError
    from contextlib import suppress

    from domain.errors import Invalid
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.logs import configure_logging
    from entrypoints.worker.process import run_until_signal

    async def action(command: CommandContext) -> None:
        if command.container.config.store() == "memory":
            raise Invalid(
                "with TINTYPE_STORE=memory the worker is inside `tintype serve`: no other process sees its data"
            )
        await run_until_signal(command.container)

    configure_logging()
    with suppress(CancelledError):  # a second Ctrl-C
        run_without_database(context, False, action)


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Check what serving needs, and say what is missing.

    The exit code is 1 only if serving is impossible.
    """
    from domain.services.health_checks import can_serve
    from entrypoints.cli import shapes, tables
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.diagnosis import diagnose

    async def action(command: CommandContext) -> None:
        found = await diagnose(command.container)
        if command.out.as_json:
            for part in found:
                command.out.print_result(shapes.health(part), "")
        else:
            tables.print_health(found)
        able = can_serve(found)
        command.out.print_note("Ready to serve." if able else "Serving is impossible until what says no is set right.")
        if not able:
            raise typer.Exit(1)

    run_without_database(context, as_json, action)
