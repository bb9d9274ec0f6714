"""``pairing completion``: the script with which a shell completes commands, files and teams."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from pairing.cli.manual import DescribedArgument, ManualCommand

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_PAIRING_COMPLETE"


@click.command(
    "completion",
    cls=ManualCommand,
    short_help="Print the script for completion in bash, zsh or fish.",
    examples=[
        ("In bash, for this session", 'eval "$(pairing completion bash)"'),
        ("In bash, for good", "pairing completion bash >> ~/.bashrc"),
        ("In zsh, for good (after compinit)", "pairing completion zsh >> ~/.zshrc"),
        ("In fish, for good", "pairing completion fish > ~/.config/fish/completions/pairing.fish"),
    ],
)
@click.argument(
    "shell",
    type=click.Choice(SHELLS),
    cls=DescribedArgument,
    description="The shell; bash from version 4.4 on.",
)
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the script that lets SHELL complete commands, options, files and teams.

    The Tab key then completes the names of commands and options, files and folders, the choices of an option,
    and the ids of teams: those of the plan in DIR for explain and repair. A shell has to read the script
    once, as in the examples; a new session then knows it.
    """
    completion = get_completion_class(shell)
    if completion is None:  # a shell that click does not know is no choice of the argument
        raise click.UsageError(f"There is no completion for {shell}.")
    script = completion(context.find_root().command, {}, "pairing", VARIABLE)
    # Not script.source(), which starts a bash to ask for its version, and complains on a machine without one.
    click.echo(script.source_template % script.source_vars())
