"""The command line. Importing it loads typer and nothing else; each command loads what it needs."""
