"""The pictures of the pages, drawn anew from the bundled audit whenever the site is built."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from pairing.allocation.covariates import named_covariates
from pairing.cli import run
from pairing.data import audit_files
from pairing.files.draw import redo_draw
from pairing.files.finished import read_finished
from pairing.files.lottery import read_publication
from pairing.files.programme import read_programme
from pairing.files.tables import read_table
from pairing.inference import analyse
from pairing.lottery import covariates_of_units
from pairing.planning.random_pairings import random_pairings
from pairing.plots import (
    balance_distribution,
    pair_map,
    quality_against_random,
    randomisation_distribution,
)
from pairing.plots.canvas import blank_axes, legend, tidy
from pairing.plots.palette import COLOURS, FAINT

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from mkdocs.config.defaults import MkDocsConfig

    import pairing

BLUE = COLOURS["blue"]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add every picture to the site."""
    for name, draw in PICTURES.items():
        files.append(File.generated(config, f"pictures/{name}.svg", content=svg(draw())))
    return files


def svg(figure: Figure) -> bytes:
    """Give a figure as bytes that are the same whenever it is drawn."""
    written = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "pairing"}):
        figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()


@cache
def demo_folder() -> TemporaryDirectory[str]:
    """Give a folder with the plans and the draw of the demo; it goes when the build ends."""
    folder = TemporaryDirectory()
    for name, content in audit_files().items():
        (Path(folder.name) / name).write_bytes(content)
    for command in (
        ["pair", f"{folder.name}/programme.toml"],
        ["pair", f"{folder.name}/ilcop-size.toml"],
        ["allocate", f"{folder.name}/ilcop-size-result", "--seed", "2024"],
    ):
        if run([*command, "--quiet"]) != 0:
            raise PluginError(f"pairing {' '.join(command)} failed")
    return folder


@cache
def demo_plan() -> pairing.Pairing:
    """Give the plan of the demo: 120 trusts in 60 pairs."""
    return read_finished(Path(demo_folder().name) / "programme-result").pairing


def profiles() -> Figure:
    """Draw observed rates and estimates of two indicators by the number of patients behind them."""
    columns = ("sclc_chemotherapy_adj", "nsclc_resection_adj")
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    for ax, column in zip(figure.subplots(1, 2), columns, strict=True):
        shrinkage(ax, column)
    return figure


def shrinkage(ax: Axes, column: str) -> None:
    """Join each team's observed rate to its estimate."""
    found = demo_plan().profiles
    indicators = list(found.indicators)
    k = next(k for k, each in enumerate(indicators) if each.column == column)
    mean, sd = found.indicator_frame().loc[k, ["mean", "between_team_sd"]].astype(float)
    observed = found.measurements.values[:, k]  # noqa: PD011 - an array
    estimate = mean + sd * found.mean[:, k]
    patients = demo_plan().cohort.observations.denominators[:, k]
    ax.vlines(patients, 100 * observed, 100 * estimate, color="#c8c8c8", linewidth=0.8)
    ax.plot(
        patients, 100 * observed, "o", color=FAINT, markersize=3, fillstyle="none", label="published rate"
    )
    ax.plot(patients, 100 * estimate, "o", color=BLUE, markersize=3, label="estimate")
    ax.axhline(100 * mean, color=FAINT, linewidth=0.8)
    ax.set_title(indicators[k].title, loc="left", fontsize=10)
    tidy(ax, x="patients behind the rate", y="per cent")
    legend(ax, loc="lower right")


def reciprocal_gain() -> Figure:
    """Draw all permitted pairs by contrast and dominance, those of the plan marked."""
    plan = demo_plan()
    permitted = plan.table.to_frame(permitted_only=True)
    chosen = plan.to_frame()
    ax = blank_axes(7.2, 4.4)
    for frame, colour, size, label in (
        (permitted, "#bdbdbd", 3, f"{len(permitted):,} permitted pairs"),
        (chosen, BLUE, 5, f"the {len(chosen)} pairs of the plan"),
    ):
        contrast = frame["gain_a"] + frame["gain_b"]
        ax.plot(contrast, contrast - 2 * frame["value"], "o", color=colour, markersize=size, label=label)
    for gain in (0.2, 0.4, 0.6, 0.8):
        ax.axline((2 * gain, 0), slope=1, color=FAINT, linewidth=0.7, linestyle=":")
        ax.annotate(
            f"gain {gain}", (2 * gain, 0), (2, 3), textcoords="offset points", fontsize=8, color=FAINT
        )
    ax.set(xlim=(0.4, 2.5), ylim=(0, 0.8))
    tidy(ax, x="expected contrast (between-team SD)", y="expected dominance (between-team SD)")
    legend(ax, loc="upper right")
    return ax.get_figure()


def country() -> Figure:
    """Draw the 40 pairs of the smaller programme on the map, the 15 drawn ones told apart."""
    folder = Path(demo_folder().name) / "ilcop-size-result"
    ax = blank_axes(6.4, 7.2)
    pair_map(read_finished(folder).pairing, read_table(folder / "allocation.csv").frame, inset=True, ax=ax)
    return ax.get_figure()


def optimum() -> Figure:
    """Draw the plan's total beside those of random permitted pairings."""
    ax = blank_axes(7.2, 3.4)
    quality_against_random(random_pairings(demo_plan(), 1000, seed=0), ax=ax)
    return ax.get_figure()


@cache
def demo_draw() -> tuple[pairing.Lottery, pairing.Draw]:
    """Give the lottery of the smaller programme, and its draw."""
    folder = Path(demo_folder().name) / "ilcop-size-result"
    published = read_publication(folder)
    return published.lottery, redo_draw(folder, published)


def lottery() -> Figure:
    """Draw the balance of the draws in the urn beside that of draws without constraint."""
    plan = read_finished(Path(demo_folder().name) / "ilcop-size-result").pairing
    settings = read_programme(Path(demo_folder().name) / "ilcop-size.toml").programme.lottery
    declared, drawn = demo_draw()
    named = named_covariates(settings.balance_on, plan.cohort, plan.profiles)
    rows = named.rows(range(len(plan.cohort)))
    ax = blank_axes(7.2, 3.4)
    balance_distribution(declared, covariates_of_units(rows, plan.cohort.ids, declared.members), drawn, ax=ax)
    return ax.get_figure()


def inference() -> Figure:
    """Draw the randomisation distribution of made-up outcomes, to which the intervention adds 2 points."""
    declared, drawn = demo_draw()
    arms = drawn.to_frame().set_index("team")["arm"].loc[list(declared.teams)]
    noise = np.random.default_rng(7).normal(0, 4, len(arms))
    outcomes = pd.DataFrame({"change of the rate": noise + 2 * (arms == "intervention")}, index=arms.index)
    ax = blank_axes(7.2, 3.4)
    randomisation_distribution(analyse(declared, drawn.intervention, outcomes), ax=ax)
    return ax.get_figure()


PICTURES: dict[str, Callable[[], Figure]] = {
    "inference": inference,
    "lottery": lottery,
    "map": country,
    "optimum": optimum,
    "profiles": profiles,
    "reciprocal-gain": reciprocal_gain,
}
"""What is drawn, by the name of its file."""
