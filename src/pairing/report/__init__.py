"""The report of a result: one page for people who read no tables of commas."""

from pairing.report.render import render_report

__all__ = ["render_report"]
