"""What holds for every plot: the given axes come back, settings stay, the SVG is the same."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings

import matplotlib as mpl
import pytest
from matplotlib import pyplot

from pairing import balance_table, plots
from pairing.plots.canvas import blank_axes
from pairing.plots.svg import svg_text

PLOTS = {
    "pair_map": lambda get, ax: plots.pair_map(get("plan"), get("drawn"), ax=ax),
    "profile_pair": lambda get, ax: plots.profile_pair(get("plan"), "R0A", ax=ax),
    "value_heatmap": lambda get, ax: plots.value_heatmap(get("plan"), ax=ax),
    "quality_against_random": lambda get, ax: plots.quality_against_random(get("by_chance"), ax=ax),
    "love_plot": lambda get, ax: plots.love_plot(
        balance_table(get("lottery"), get("covariates"), get("drawn")), ax=ax
    ),
    "same_arm_heatmap": lambda get, ax: plots.same_arm_heatmap(get("lottery"), ax=ax),
    "balance_distribution": lambda get, ax: plots.balance_distribution(
        get("lottery"), get("covariates"), get("drawn"), n_draws=500, ax=ax
    ),
    "randomisation_distribution": lambda get, ax: plots.randomisation_distribution(get("analysis"), ax=ax),
    "robustness_plot": lambda get, ax: plots.robustness_plot(get("robustness"), ax=ax),
    "tradeoff_curve": lambda get, ax: plots.tradeoff_curve(get("tradeoff"), ax=ax),
    "funnel_plot": lambda get, ax: plots.funnel_plot(get("plan").profiles, "nsclc_resection_adj", ax=ax),
}


def test_all_are_tried_here() -> None:
    assert set(PLOTS) == set(plots.__all__)


@pytest.mark.parametrize("name", PLOTS)
def test_given_axes_come_back_and_nothing_else_changes(name: str, request: pytest.FixtureRequest) -> None:
    pyplot.close("all")
    ax, settings, backend = blank_axes(), dict(mpl.rcParams), mpl.get_backend()

    assert PLOTS[name](request.getfixturevalue, ax) is ax

    assert pyplot.get_fignums() == []
    assert dict(mpl.rcParams) == settings
    assert mpl.get_backend() == backend


@pytest.mark.parametrize("name", PLOTS)
def test_svg_is_the_same_every_time_and_has_no_warnings(name: str, request: pytest.FixtureRequest) -> None:
    def svg() -> str:
        ax = PLOTS[name](request.getfixturevalue, blank_axes())
        return svg_text(ax, title=name, description="as tested", prefix="tested")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert svg() == svg()


def test_ids_stand_once_even_with_all_plots_on_one_page(request: pytest.FixtureRequest) -> None:
    ids = []
    for name, draw in PLOTS.items():
        ax = draw(request.getfixturevalue, blank_axes())
        text = svg_text(ax, title=name, description=name, prefix=name.replace("_", "-"))
        ids += re.findall(r' id="([^"]+)"', text)
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("name", PLOTS)
def test_without_axes_a_figure_is_made_for_the_notebook(name: str, request: pytest.FixtureRequest) -> None:
    pyplot.close("all")
    ax = PLOTS[name](request.getfixturevalue, None)

    assert [pyplot.figure(number) for number in pyplot.get_fignums()] == [ax.figure]
    pyplot.close("all")


def test_importing_loads_no_matplotlib() -> None:
    code = (
        "import sys, pairing, pairing.plots; pairing.plots.pair_map; pairing.plots.funnel_plot;"
        "from pairing import plots; [getattr(plots, name) for name in plots.__all__];"
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_function_is_not_hidden_by_the_module_that_holds_it() -> None:
    code = (
        "import importlib, pkgutil, pairing.plots as plots;"
        "[importlib.import_module(m.name) for m in pkgutil.walk_packages(plots.__path__, 'pairing.plots.')];"
        "assert all(callable(getattr(plots, name)) for name in plots.__all__)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
