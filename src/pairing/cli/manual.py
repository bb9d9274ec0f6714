"""Help that reads like a page of the manual, the same for every command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pairing.cli.exit_codes import MEANING, ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_COLUMNS = 100
"""Lines of help are never longer, however wide the terminal: long lines are hard to read."""

_GROUP_OF = {
    "out": "Output",
    "folder": "Output",
    "file": "Output",
    "place": "Output",
    "target": "Output",
    "xlsx": "Output",
    "force": "Output",
    "quiet": "General",
    "as_json": "General",
    "version": "General",
}
"""Under which heading an option stands; all others are what the command is about."""

_GROUPS = ("Options", "Output", "General")


OF_THE_DEMO = {
    "programme": "pairing-demo/programme.toml",
    "plan": "pairing-demo/programme-result",
    "drawn": "pairing-demo/ilcop-size-result",
}
"""What examples are about: files that ``pairing demo`` writes."""


class DescribedArgument(click.Argument):
    """An argument with a description, which stands in the help."""

    def __init__(self, declarations: Sequence[str], *, description: str, **attributes: Any) -> None:  # noqa: ANN401
        super().__init__(declarations, **attributes)
        self.description = description


class ManualCommand(click.Command):
    """A command with described arguments, grouped options, examples, exit codes and what to see also.

    Parameters
    ----------
    *arguments, **attributes
        As for :class:`click.Command`.
    examples : sequence of (str, str)
        What for, and the command, in which the keys of `OF_THE_DEMO` stand for its files; they can be run one
        after the other beside the folder of the demo.
    exits : mapping of ExitCode to str, optional
        Exit codes that mean something of their own here, beside the usual ones.
    see_also : sequence of str, optional
        Names of other commands.
    """

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - click's
        examples: Sequence[tuple[str, str]],
        exits: Mapping[ExitCode, str] | None = None,
        see_also: Sequence[str] = (),
        **attributes: Any,  # noqa: ANN401 - click's
    ) -> None:
        super().__init__(*arguments, **attributes)
        self.examples = tuple((purpose, line.format(**OF_THE_DEMO)) for purpose, line in examples)
        self.exits = {ExitCode.DONE: MEANING[ExitCode.DONE]} | dict(exits or {})
        self.see_also = tuple(see_also)

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Leave the arguments to `format_options`, whatever click's version would say of them."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the arguments, then the options under their headings."""
        described = [
            (param.make_metavar(ctx).strip("[]."), param.description)
            for param in self.get_params(ctx)
            if isinstance(param, DescribedArgument)
        ]
        _write_list(formatter, "Arguments", described)
        write_options(self.get_params(ctx), ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, the exit codes, and what to see also."""
        with formatter.section("Examples"):
            for purpose, line in self.examples:
                formatter.write_text(f"{purpose}:")
                formatter.write(f"{'':{formatter.current_indent + 2}}{line}\n")
        codes = [(str(int(code)), meaning) for code, meaning in sorted(self.exits.items())]
        _write_list(formatter, "Exit codes", codes)
        with formatter.indentation():
            formatter.write_text("The others are in pairing --help.")
        others = ctx.parent.command if ctx.parent is not None else None
        if isinstance(others, click.Group):
            found = [(name, others.get_command(ctx, name)) for name in self.see_also]
            described = [(f"pairing {name}", other.short_help or "") for name, other in found if other]
            _write_list(formatter, "See also", described)


def write_options(
    params: Iterable[click.Parameter], ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """Write options under their headings, each heading that has any."""
    options = [param for param in params if isinstance(param, click.Option)]
    for group in _GROUPS:
        records = [option.get_help_record(ctx) for option in options if _group_of(option) == group]
        _write_list(formatter, group, [record for record in records if record is not None])


def _group_of(option: click.Option) -> str:
    return "General" if "--help" in option.opts else _GROUP_OF.get(option.name or "", "Options")


def _write_list(formatter: click.HelpFormatter, heading: str, rows: Sequence[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(heading):
            formatter.write_dl(rows)
