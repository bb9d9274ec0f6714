"""``pairing allocate``: the lottery, published and then drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pairing.cli import planning
from pairing.cli.command_line import command_line
from pairing.cli.console import Console
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import DescribedArgument, ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, talking
from pairing.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from pairing.allocation import Declaration
    from pairing.cli.allocating import Drawing
    from pairing.lottery import Replacement


@click.command(
    "allocate",
    cls=ManualCommand,
    short_help="Publish the lottery, and draw from it.",
    examples=[
        ("First the pairs", "pairing pair pairing-demo/ilcop-size.toml -o trial"),
        ("Publish their lottery", "pairing allocate trial --publish"),
        ("On the day, draw with public randomness", 'pairing allocate trial --randomness "4 8 15 16 23 42"'),
    ],
    exits={
        ExitCode.NO_PAIRING: "no lottery gives every team its chance",
        ExitCode.WRONG_USAGE: "wrong usage; a lottery is published, or drawn, already",
        ExitCode.BAD_INPUT: MEANING[ExitCode.BAD_INPUT],
    },
    see_also=["pair", "verify", "analyse"],
)
@click.argument(
    "place",
    type=FILE_OR_FOLDER,
    metavar="DIR | PROGRAMME",
    cls=DescribedArgument,
    description="What pairing pair wrote; or, where teams are drawn first (designs draw-then-pair and "
    "simple), the programme.toml.",
)
@click.option(
    "-o",
    "--out",
    "folder",
    type=FILE_OR_FOLDER,
    help="With PROGRAMME: folder for the lottery. Default: <programme>-result beside it.",
)
@click.option("--publish", is_flag=True, help="Publish the lottery and stop before the draw.")
@click.option("--seed", type=click.IntRange(min=0), help="Draw with this seed.")
@click.option("--randomness", help="Draw with public randomness named in advance, such as lottery balls.")
@click.option("--expect", metavar="SHA256", help="Refuse unless lottery.json has this SHA-256.")
@click.option("--dropped", multiple=True, metavar="UNIT", help="Call the next reserve for this pair or team.")
@click.option(
    "--xlsx", is_flag=True, help="Also write the allocation and the plan as one workbook, allocation.xlsx."
)
@click.option("--force", is_flag=True, help="Publish anew, or draw again; drawing again is recorded.")
@talking
def command(
    place: Path,
    folder: Path | None,
    *,
    publish: bool,
    seed: int | None,
    randomness: str | None,
    expect: str | None,
    dropped: tuple[str, ...],
    xlsx: bool,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Draw by lottery who gets the intervention, so that everyone can check it.

    First lottery.json (with lottery.csv, the pool of draws) is published; then allocation.csv, balance.csv
    and draw.json are drawn from what was published. The two acts can be days apart: --publish today, and
    --randomness with the lottery balls of the day that was announced.
    """
    text = _randomness(seed, randomness, publish=publish, dropped=dropped)
    _refuse_idle_options(text, expect=expect, force=force, dropped=dropped, xlsx=xlsx)
    console = Console(quiet=quiet, as_json=as_json)
    programme, folder = _places(place, folder)
    unpublished = _has_to_be_published(folder)
    if expect is not None and unpublished:
        raise click.UsageError(
            f"--expect needs a lottery that was published before, and {folder} holds none. "
            "Publish it with --publish, and announce the SHA-256 that it prints."
        )
    if programme is not None and not unpublished:
        _refuse_other_programme(folder, programme, replace=publish and force)
    if dropped:
        _replace(folder, dropped, console)
        return
    facts: dict[str, object] = {"folder": str(folder)}
    if publish or unpublished:
        facts |= _publish(folder, programme, console, force=force)
    if publish:
        _say_what_to_announce(folder, str(facts["published"]), console)
    if text is not None:
        facts |= _draw(folder, text, expect, console, xlsx=xlsx, force=force)
    console.result(facts)


def _randomness(
    seed: int | None, randomness: str | None, *, publish: bool, dropped: tuple[str, ...]
) -> str | None:
    """Settle what is to be done; a draw needs exactly one source of randomness."""
    given = [name for name, value in (("--seed", seed), ("--randomness", randomness)) if value is not None]
    acts = [*given, *(["--publish"] if publish else []), *(["--dropped"] if dropped else [])]
    if len(acts) > 1:
        raise click.UsageError(f"{' and '.join(acts)} cannot go together.")
    if not acts:
        raise click.UsageError(
            "A draw needs randomness that nobody can choose afterwards: name public randomness in advance "
            "and give it with --randomness, or give --seed. With --publish the lottery is published only."
        )
    if randomness is not None and not randomness.split():
        raise click.UsageError("--randomness is blank; give the public randomness that was announced.")
    if randomness is not None:
        return randomness
    return None if seed is None else _seed_text(seed)


def _refuse_idle_options(
    text: str | None, *, expect: str | None, force: bool, dropped: tuple[str, ...], xlsx: bool
) -> None:
    """Refuse what would have no effect, because whoever gave it relies on it."""
    if expect is not None and text is None:
        raise click.UsageError("--expect goes with a draw: with --randomness or --seed.")
    if xlsx and text is None:
        raise click.UsageError("--xlsx goes with a draw: with --randomness or --seed.")
    if force and dropped:
        raise click.UsageError("--force does not go with --dropped, which replaces nothing.")


def _seed_text(seed: int) -> str:
    from pairing.lottery import seed_text

    return seed_text(seed)


def _places(place: Path, folder: Path | None) -> tuple[Path | None, Path]:
    """Tell a programme and the folder for its lottery from a folder that is there already."""
    if place.is_dir():
        if folder is not None:
            raise click.UsageError(f"-o goes with a programme; {place} is the folder already.")
        return None, place
    return place, folder or planning.default_folder(place)


def _has_to_be_published(folder: Path) -> bool:
    from pairing.files.lottery import is_published

    return not is_published(folder)


def _refuse_other_programme(folder: Path, programme: Path, *, replace: bool) -> None:
    from pairing.cli import refusals

    if not replace:
        refusals.refuse_other_programme(folder, programme)


def _publish(folder: Path, programme: Path | None, console: Console, *, force: bool) -> dict[str, object]:
    from pairing.cli import allocating
    from pairing.files.lottery import read_publication

    with console.working("Listing the draws that can happen") as stage:
        declaration = allocating.publish(folder, programme, force=force, stage=stage)
        stage("Reading back what was published")
        published = read_publication(folder)
    show_published(declaration, console)
    console.warn(published.record["warnings"])
    console.say(f"Published in {folder}.")
    return {
        "published": published.sha256,
        "pool_sha256": published.lottery.sha256,
        "counts": published.record["counts"],
        "warnings": published.record["warnings"],
    }


def _say_what_to_announce(folder: Path, sha256: str, console: Console) -> None:
    console.say(f"Announce, before the draw, the SHA-256 that seals lottery.json:\n  {sha256}")
    console.say("and which public randomness will decide.")
    draw = command_line("allocate", folder, "--randomness", "TEXT", "--expect", sha256)
    console.next_step(("on the day, draw with that randomness for TEXT", draw))


def show_published(declaration: Declaration, console: Console) -> None:
    """Print a declared lottery for people."""
    lottery = declaration.lottery
    console.tell(lottery.summary())
    if declaration.entrants.left_out:
        left_out = ", ".join(declaration.entrants.left_out)
        console.tell(f"Without a partner and so not in the lottery: {left_out}")
    if declaration.detectable is not None:
        console.tell(declaration.detectable.summary())


def _draw(
    folder: Path, randomness: str, expect: str | None, console: Console, *, xlsx: bool, force: bool
) -> dict[str, object]:
    from pairing.cli import allocating
    from pairing.files.earlier_pairing import PAIRS_NAME

    with console.working("Drawing"):
        drawing = allocating.draw(folder, randomness, expect=expect, xlsx=xlsx, force=force)
    show_drawn(drawing, console)
    if drawing.record["earlier_draws"]:
        times = counted(len(drawing.record["earlier_draws"]), "time")
        console.warn([f"this lottery was drawn before ({times}); draw.json records it."])
    console.say(f"\nWritten to {folder}.")
    steps = [
        ("let anyone redo it", command_line("verify", folder)),
        ("when there are outcomes, find the effect", command_line("analyse", folder, "outcomes.csv")),
    ]
    if (folder / PAIRS_NAME).exists():  # a lottery of single teams has no visits to prepare
        briefing = ("give the teams that were drawn a briefing", command_line("report", folder, "--packs"))
        steps.insert(1, briefing)
    console.next_step(*steps)
    return {
        "randomness": drawing.drawn.randomness,
        "draw": drawing.drawn.draw_number,
        "intervention": list(drawing.drawn.intervention),
        "control": list(drawing.drawn.controls),
        "reserves": list(drawing.drawn.reserves),
        "earlier_draws": drawing.record["earlier_draws"],
        "flow": drawing.record["flow"],
    }


def show_drawn(drawing: Drawing, console: Console) -> None:
    """Print a draw and the balance of its arms for people."""
    console.tell(drawing.drawn.summary())
    console.say("\nBalance of the arms (SMD: difference of means over the SD of teams):")
    console.table(_short(drawing.balance, drawing.labels))


def _short(balance: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    from pairing.allocation.covariates import covariate_label

    named = balance.assign(covariate=[covariate_label(name, labels) for name in balance["covariate"]])
    return named[
        [
            "covariate",
            "balanced",
            "mean_intervention",
            "mean_control",
            "smd",
            "smd_lottery",
            "smd_unconstrained",
        ]
    ].rename(columns={"smd_lottery": "expected", "smd_unconstrained": "simple lottery"})


def _replace(folder: Path, dropped: tuple[str, ...], console: Console) -> None:
    from pairing.files.replacements import record_dropped

    replaced = record_dropped(folder, dropped)
    for replacement in replaced:
        console.say(_replacement_in_words(replacement))
    console.say("Units that dropped out stay in the arm that they were drawn into.")
    console.next_step(("prove the draw and its reserves again", command_line("verify", folder)))
    called = [{"dropped": each.dropped, "reserve": each.reserve} for each in replaced]
    console.result({"folder": str(folder), "dropped": list(dropped), "replacements": called})


def _replacement_in_words(replacement: Replacement) -> str:
    if replacement.reserve is None:
        return f"{replacement.dropped} dropped out; no reserve is left."
    return f"{replacement.dropped} dropped out; {replacement.reserve} is called from the reserves."
