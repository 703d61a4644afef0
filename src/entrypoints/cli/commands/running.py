"""Commands that run the service, and check it."""

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
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Leave image analysis to `tintype worker`.")] = False,
) -> None:
    """Serve the API and the web UI, with a worker, until Ctrl-C."""
    from entrypoints.cli.errors import load_settings
    from entrypoints.processes.serve import ServeOptions
    from entrypoints.processes.serve import serve as run_service

    options = {"host": host, "port": port}
    settings = load_settings().model_copy(update={name: value for name, value in options.items() if value is not None})
    run_service(settings, ServeOptions(workers, worker=not no_worker))


def inference(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on (TINTYPE_HOST).")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port; 9000 by default.")] = None,
) -> None:
    """Serve only the model, until Ctrl-C; needs no database.

    Other applications, and the API with TINTYPE_CLASSIFIER=http, classify images with it.
    """
    from entrypoints.cli.errors import load_settings
    from entrypoints.processes.inference import serve_inference

    settings = load_settings()
    if host is not None:
        settings = settings.model_copy(update={"host": host})
    serve_inference(settings, port or settings.inference_port)


def worker(context: typer.Context) -> None:
    """Analyse images until Ctrl-C.

    Any number of workers may run, beside `tintype serve --no-worker` or on other machines.
    """
    from asyncio import CancelledError
    from contextlib import suppress

    from domain.errors import Invalid
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.logs import configure_logging
    from entrypoints.worker.process import run_until_signal

    async def action(command: CommandContext) -> None:
        if command.container.config.store() == "memory":
            raise Invalid("with TINTYPE_STORE=memory only `tintype serve` has the data, and it includes a worker")
        await run_until_signal(command.container)

    configure_logging()
    with suppress(CancelledError):  # a second Ctrl-C
        run_without_database(context, False, action)


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Check the requirements of serving, and report what is missing.

    The exit code is 1 only if serving is impossible.
    """
    from domain.services.health_checks import can_serve
    from entrypoints.cli import shapes, tables
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.diagnosis import diagnose

    async def action(command: CommandContext) -> None:
        checks = await diagnose(command.container)
        if command.out.as_json:
            for part in checks:
                command.out.print_result(shapes.health(part), "")
        else:
            tables.print_health(checks)
        is_ready = can_serve(checks)
        command.out.print_note(
            "Ready to serve." if is_ready else "Serving is impossible until the failed checks are resolved."
        )
        if not is_ready:
            raise typer.Exit(1)

    run_without_database(context, as_json, action)
