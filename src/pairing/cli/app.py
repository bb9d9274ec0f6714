"""The group of commands; each is imported when it is called, so that help stays quick."""

from __future__ import annotations

from importlib import import_module

import click

from pairing.cli.exit_codes import MEANING
from pairing.cli.manual import MOST_COLUMNS, write_options
from pairing.version import __version__

SECTIONS = {
    "To begin": ("demo", "init", "check"),
    "To pair": ("pair", "values", "diagnose", "match", "rounds"),
    "To ask about a plan": ("verify", "report", "explain", "alternatives", "tradeoff", "robustness"),
    "To change a plan": ("repair",),
    "The lottery": ("allocate", "analyse"),
    "In your shell": ("completion",),
}
"""Names of the commands in the order of the work, under the headings of the help.

Each is a module of `pairing.cli.commands`.
"""

COMMANDS = tuple(name for names in SECTIONS.values() for name in names)
"""Names of all commands."""


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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed; of an unknown one, say which is nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if args[0].startswith("-"):
                raise
            from pairing.cohort.nearest import did_you_mean

            meant = did_you_mean(args[0], COMMANDS)
            if meant is None:
                raise
            raise click.UsageError(f"No such command '{args[0]}'. {meant}", ctx) from error

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands first, by the order of the work, then the options."""
        for heading, names in SECTIONS.items():
            found = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(heading):
                rows = [(name, command.short_help or "") for name, command in found if command]
                formatter.write_dl(rows, col_spacing=3)
        write_options(self.get_params(ctx), ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write where to start, and what the exit codes mean."""
        with formatter.section("Examples"):
            for purpose, line in STARTS:
                formatter.write_text(f"{purpose}:")
                formatter.write(f"{'':{formatter.current_indent + 2}}{line}\n")
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), meaning) for code, meaning in MEANING.items()])
        with formatter.section("Environment"):
            formatter.write_dl(
                [
                    ("NO_COLOR", "if set, nothing is coloured"),
                    ("COLUMNS", "how wide the output is, in place of the width of the terminal"),
                    ("PAIRING_BROWSER", "the Chromium or Edge that makes PDFs, if it is not found"),
                    ("PAIRING_DEBUG", "if set, a fault of pairing itself is shown with all details"),
                ]
            )


STARTS = (
    ("The whole programme on real audit data", "pairing demo"),
    ("What the plan says of one team", "pairing explain pairing-demo/programme-result RGT"),
    ("Your own table of teams: guess its columns, and write a programme", "pairing init teams.csv"),
    ("Pair by that programme", "pairing pair programme.toml"),
)
"""Where to start."""


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": MOST_COLUMNS},
)
@click.version_option(__version__, "-V", "--version", message="pairing %(version)s")
def app() -> None:
    """Pair clinical teams for reciprocal peer-review visits.

    Teams are paired so that each has something to teach the other: complementary audit profiles, similar
    size, similar overall level, not neighbours. The plan is the best there is, and comes with a proof. A
    lottery that anyone can check then decides which pairs get the intervention.

    Results go to files, or as words to the standard output; messages go to the standard error. Every command
    ends with what to do next. `pairing COMMAND --help` has the page of a command.
    """
