"""`tintype moderate`: reports, decisions, appeals and the audit log."""

from typing import Annotated

import typer

from entrypoints.cli.options import Actor, Json, Limit, command_group

app = command_group("moderate", "Report, decide, answer appeals, and read the audit log.")

Kind = Annotated[str, typer.Argument(metavar="KIND", show_default=False, help="post, comment, image or user.")]
Ref = Annotated[str, typer.Argument(metavar="ID", show_default=False, help="The id; for a user, the name also works.")]
DecisionRef = Annotated[str, typer.Argument(metavar="DECISION_ID", show_default=False)]


@app.command()
def report(
    context: typer.Context,
    kind: Kind,
    ref: Ref,
    reason: Annotated[str, typer.Option("--reason", metavar="R", help="For example spam, hate or other.")],
    me: Actor,
    note: Annotated[str, typer.Option("--note", metavar="T", help="A note for the moderators.")] = "",
    as_json: Json = False,
) -> None:
    """Report a post, a comment, an image or a user."""
    from domain.reports import Reason
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.targets import parse_choice, parse_target

    async def action(command: CommandContext) -> None:
        chosen = parse_choice("reason", reason, Reason)
        target = await parse_target(command, kind, ref)
        sent = await command.container.reporting().report(await command.user_id(me), target, chosen, note)
        command.out.print_result(rest_shapes.report(sent), f"Reported the {target.kind} {ref} as {sent.reason}.")

    run_with_database(context, as_json, action)


@app.command()
def reports(context: typer.Context, limit: Limit = 20, as_json: Json = False) -> None:
    """List the open reports, grouped by target, newest first."""
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, iter_items, run_with_database
    from entrypoints.wording import format_ago, pluralize

    async def action(command: CommandContext) -> None:
        now, is_empty = command.container.clock().now(), True
        async for group in iter_items(command.container.moderating().queue, limit):
            is_empty = False
            reasons = ", ".join(f"{reason} ({count})" for reason, count in group.reasons.items())
            head = f"{group.target.kind} {group.target.id}: {pluralize(group.reports_count, 'report')}"
            command.out.print_result(
                rest_shapes.report_group(group), f"{head}, {reasons}, {format_ago(group.reported_at, now)}"
            )
        if is_empty:
            command.out.print_note("There are no open reports.")

    run_with_database(context, as_json, action)


@app.command()
def decide(
    context: typer.Context,
    kind: Kind,
    ref: Ref,
    effect: Annotated[
        str, typer.Option("--effect", metavar="E", help="none, hide, mark_sensitive, limit, suspend or delete.")
    ],
    rule: Annotated[str, typer.Option("--rule", metavar="R", help="The rule that was broken.")],
    reason: Annotated[str, typer.Option("--reason", metavar="T", help="What the user is told.")],
    me: Actor,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="When the effect ends, such as 2027-01-31T12:00Z.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Decide about a target. `--as` names a moderator."""
    from domain.effects import Effect, NewDecision
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.targets import parse_choice, parse_target, parse_time, require_moderator

    async def action(command: CommandContext) -> None:
        moderator = await require_moderator(command, me)
        chosen, end = parse_choice("effect", effect, Effect), parse_time("until", until)
        target = await parse_target(command, kind, ref)
        new = NewDecision(target, rule, reason, chosen, end, command.container.clock().now())
        decision = await command.container.moderating().decide(moderator, new)
        text = f"Decided about the {target.kind} {ref}: {decision.effect}. The decision has the id {decision.id}."
        command.out.print_result(rest_shapes.decision(decision), text)

    run_with_database(context, as_json, action)


@app.command()
def appeals(context: typer.Context, limit: Limit = 20, as_json: Json = False) -> None:
    """List the open appeals, newest first."""
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, iter_items, run_with_database
    from entrypoints.cli.output import clean

    async def action(command: CommandContext) -> None:
        is_empty = True
        async for decision in iter_items(command.container.appealing().open_appeals, limit):
            is_empty = False
            appeal = clean(decision.appeal.text) if decision.appeal else ""
            text = f"{decision.id}: {decision.effect} of {decision.target.kind} {decision.target.id}\n  {appeal}"
            command.out.print_result(rest_shapes.decision(decision), text)
        if is_empty:
            command.out.print_note("There are no open appeals.")

    run_with_database(context, as_json, action)


@app.command()
def answer(
    context: typer.Context,
    decision_id: DecisionRef,
    outcome: Annotated[str, typer.Option("--outcome", metavar="O", help="granted or upheld.")],
    text: Annotated[str, typer.Option("--answer", metavar="T", help="What the user is told.")],
    me: Actor,
    as_json: Json = False,
) -> None:
    """Decide about an appeal. `--as` names a moderator."""
    from domain.appeals import Outcome
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.targets import parse_choice, parse_decision_id, require_moderator

    async def action(command: CommandContext) -> None:
        moderator, chosen = await require_moderator(command, me), parse_choice("outcome", outcome, Outcome)
        decision = await command.container.appealing().decide(moderator, parse_decision_id(decision_id), chosen, text)
        command.out.print_result(rest_shapes.decision(decision), f"The appeal was {chosen}.")

    run_with_database(context, as_json, action)


@app.command()
def log(context: typer.Context, limit: Limit = 10_000, as_json: Json = False) -> None:
    """Print the audit log, newest first."""
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, iter_items, run_with_database
    from entrypoints.cli.output import clean

    async def action(command: CommandContext) -> None:
        async for entry in iter_items(command.container.moderating().log, limit if not as_json else None):
            details = ", ".join(f"{name}: {value}" for name, value in entry.details.items() if value)
            head = f"{entry.created_at:%Y-%m-%d %H:%M:%S} {entry.action} {entry.target.kind} {entry.target.id}"
            command.out.print_result(rest_shapes.log_entry(entry), clean(f"{head}  {details}"))

    run_with_database(context, as_json, action)
