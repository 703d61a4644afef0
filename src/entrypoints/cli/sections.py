"""The program's help in sections, without rich, which takes as long to import as the rest of the program."""

from typing import Any

from typer.core import TyperGroup

SECTIONS = {
    "Run": ("serve", "worker", "inference", "doctor"),
    "Data": ("db", "counters", "jobs", "blobs", "backup", "restore", "bench"),
    "Model": ("model",),
    "Users and posts": (
        "user",
        "moderate",
        "invite",
        "terms",
        "blocklist",
        "post",
        "show",
        "like",
        "unlike",
        "follow",
        "unfollow",
        "comment",
        "feed",
        "top",
        "trending",
        "search",
        "similar",
        "import",
    ),
    "Images, no database needed": ("classify", "caption"),
}


class SectionedGroup(TyperGroup):
    """Lists the commands in the order and under the headings of `SECTIONS`. The types of its arguments are private to
    typer."""

    def list_commands(self, _context: Any) -> list[str]:
        return [name for names in SECTIONS.values() for name in names]

    def format_commands(self, context: Any, formatter: Any) -> None:
        for title, names in SECTIONS.items():
            commands = {name: self.get_command(context, name) for name in names}
            rows = [(name.ljust(8), command.get_short_help_str(64)) for name, command in commands.items() if command]
            with formatter.section(title):
                formatter.write_dl(rows)
