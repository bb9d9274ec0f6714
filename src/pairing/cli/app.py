"""The group of commands; each is imported when it is called, so that help stays quick."""

from __future__ import annotations

from importlib import import_module

import click

from pairing.version import __version__

COMMANDS = (
    "demo",
    "init",
    "check",
    "values",
    "pair",
    "diagnose",
    "match",
    "allocate",
    "analyse",
    "verify",
    "explain",
    "alternatives",
    "tradeoff",
    "robustness",
    "repair",
    "rounds",
)
"""Names of the commands, in the order of the work; each is a module of `pairing.cli.commands`."""


class LazyGroup(click.Group):
    """A group that imports a command's module on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"pairing.cli.commands.{cmd_name}").command
        return command if isinstance(command, click.Command) else None


EPILOG = """\
\b
Start here:
  pairing demo                  the whole programme on real audit data
  pairing pair teams.csv        from your own table, guessing the columns
  pairing init teams.csv        or first write the programme, and look at it
\b
Exit codes:
  0 done; 1 no pairing, or no lottery, is possible; 2 wrong usage; 3 bad input;
  4 stopped at a limit with an unproven plan; 5 a file could not be read or
  written; 6 verify found a difference; 70 a fault of pairing itself;
  130 interrupted.
"""


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="pairing %(version)s")
def app() -> None:
    """Pair clinical teams for reciprocal peer-review visits.

    Teams are paired so that each has something to teach the other: complementary audit profiles, similar
    size, similar overall level, not neighbours. The plan is the best there is, and comes with a proof. A
    lottery that anyone can check then decides which pairs get the intervention.
    """
