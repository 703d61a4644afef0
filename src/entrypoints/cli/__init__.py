"""The command line. Importing it imports typer only; each command imports what it needs."""
