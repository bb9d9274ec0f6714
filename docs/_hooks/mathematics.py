"""Formulas in fenced blocks named ``math`` become MathML while the site is built: no script, no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from latex2mathml.converter import convert

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Let the fences of the pages know ``math``; GitHub and GitLab show the same blocks as formulas."""
    fences = config.mdx_configs.setdefault("pymdownx.superfences", {}).setdefault("custom_fences", [])
    fences.append({"name": "math", "class": "math", "format": formula})
    return config


def formula(source: str, *_parts: Any, **_options: Any) -> str:  # noqa: ANN401 - what the extension hands over
    """One formula a line, each as MathML."""
    lines = [convert(line, display="block") for line in source.splitlines() if line.strip()]
    return f'<div class="formula" tabindex="0">{"".join(lines)}</div>'
