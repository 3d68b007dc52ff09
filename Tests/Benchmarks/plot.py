"""One figure: how large the databases get, every ratio beside its bar, every figure by its own."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from common import Context, Result
from matplotlib.axes import Axes

INK, QUIET, GRID = "#22272e", "#6b7480", "#e3e6ea"
OURS, THEIRS, MEMORY = "#0b6e99", "#c8553d", "#8a8f98"
COLOURS = {"Interlock": OURS, "SqliteSaver": THEIRS}


def draw(context: Context, path: Path) -> None:
    """Write the figure."""
    ratios = [result for result in context.results if not result.absolute]
    judged = [result for result in ratios if result.bar]
    shown = [result for result in ratios if result.bar or result.benchmark == "wait"]
    shown = shown if judged else ratios
    plt.rcParams.update({"font.size": 9, "text.color": INK, "axes.labelcolor": INK})
    plt.rcParams.update({"xtick.color": QUIET, "ytick.color": QUIET, "axes.edgecolor": GRID})
    own = [result for result in context.results if result.bar and result.absolute]
    height = max(5.0, 1.6 + 0.36 * max(len(shown), len(own)))
    panels = 3 if own else 2
    figure, axes = plt.subplots(1, panels, figsize=(6.75 * panels, height), layout="constrained")
    _sizes(axes[0], context)
    _ratios(axes[1], shown)
    if own:
        _figures(axes[2], own)
    figure.savefig(path, dpi=150, facecolor="white")
    plt.close(figure)


def _sizes(axes: Axes, context: Context) -> None:
    axes.set_title("Size of the database over a conversation", loc="left", weight="bold", color=INK)
    if not context.curves:
        axes.text(0.5, 0.5, "not measured in this run", ha="center", color=QUIET)
        axes.set_axis_off()
        return
    for name, curve in context.curves.items():
        turns, sizes = zip(*curve, strict=True)
        colour = COLOURS.get(name, MEMORY)
        style = "-" if name in COLOURS else (0, (4, 2))
        axes.plot(turns, sizes, color=colour, linewidth=2, linestyle=style)
        axes.annotate(
            f"{name}\n{_bytes(sizes[-1])}",
            (turns[-1], sizes[-1]),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            weight="bold",
        )
    axes.set_yscale("log")
    last = max(curve[-1][0] for curve in context.curves.values())
    axes.set_xlim(0, 1.32 * last)
    axes.set_xticks([tick for tick in axes.get_xticks() if tick <= last])
    axes.yaxis.set_major_formatter(lambda value, _: _bytes(value))
    axes.set_xlabel("turns (a question of 30 words, an answer of 200)")
    axes.set_ylabel("bytes, log scale")
    _tidy(axes, "y")


def _ratios(axes: Axes, shown: list[Result]) -> None:
    judged = any(result.bar for result in shown)
    title = "Interlock relative to its peer" + (", and the bar" if judged else "")
    axes.set_title(title, loc="left", weight="bold", color=INK)
    for place, result in enumerate(reversed(shown)):
        value, limit = _as_cost(result)
        met = result.met is not False
        axes.barh(place, value, height=0.62, color=OURS if met else THEIRS, left=0)
        beside = max(value, limit or 0) * 1.08
        axes.text(beside, place, f"{value:.3g}", va="center", color=INK, fontsize=8)
        if limit is not None:
            axes.plot([limit, limit], [place - 0.42, place + 0.42], color=INK, linewidth=1.8)
    names = [f"{result.name}\nby {result.peer_name}" for result in reversed(shown)]
    axes.set_yticks(range(len(shown)), names, fontsize=7.5, color=INK)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    costs = [number for result in shown for number in _as_cost(result) if number]
    axes.set_xlim(min(costs, default=0.1) / 2, max(costs, default=1) * 3)
    axes.axvline(1, color=QUIET, linewidth=0.8, linestyle=":")
    axes.set_xlabel(
        "ratio, log scale: shorter is better (throughput as time)"
        + ("\nblack mark: the bar; blue: met; red: missed" if judged else "")
    )
    _tidy(axes, "x")


def _figures(axes: Axes, own: list[Result]) -> None:
    """Results that are judged by themselves: parts of what their bars allow."""
    axes.set_title("Interlock relative to bars of its own", loc="left", weight="bold", color=INK)
    parts = [result.interlock / result.bar.limit for result in own if result.bar]
    for place, (result, part) in enumerate(reversed(list(zip(own, parts, strict=True)))):
        axes.barh(place, part, height=0.62, color=OURS if result.met else THEIRS)
        figure = f"{result.interlock:.3g} {result.unit}"
        axes.text(max(part, 1) * 1.08, place, figure, va="center", color=INK, fontsize=8)
    names = [f"{result.name}\nbar: {result.bar} {result.unit}" for result in reversed(own)]
    axes.set_yticks(range(len(own)), names, fontsize=7.5, color=INK)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_xlim(min([*parts, 1]) / 2, max([*parts, 1]) * 4)
    axes.axvline(1, color=INK, linewidth=1.8)
    axes.set_xlabel("part of the bar, log scale: shorter is better\nblue: met; red: missed")
    _tidy(axes, "x")


def _as_cost(result: Result) -> tuple[float, float | None]:
    """Ratio and bar such that less is better."""
    limit = result.bar.limit if result.bar else None
    faster_is_more = result.unit.endswith("/s")
    if not faster_is_more:
        return result.ratio, limit
    return 1 / result.ratio, None if limit is None else 1 / limit


def _bytes(value: float) -> str:
    for size, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.0f} B"


def _tidy(axes: Axes, grid: str) -> None:
    axes.set_axisbelow(True)
    axes.grid(axis="y" if grid == "y" else "x", color=GRID, linewidth=0.8)
    axes.tick_params(length=0)
    axes.minorticks_off()
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
