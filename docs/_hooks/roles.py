"""Docstrings name functions by roles such as ``:func:`pair```; on the site these become links."""

from __future__ import annotations

import re
from typing import Any

import griffe

import pairing
import pairing.matching

ROLE = re.compile(r":(?:func|class|meth|mod|data|attr|exc):`~?\.?([\w.]+)`")
FOOTNOTE = re.compile(r"(?<=\S) ?\[(\d+)\]_")
REFERENCE = re.compile(r"^( *)\.\. \[(\d+)\] ", re.MULTILINE)
PUBLIC = {name: home.__name__ for home in (pairing.matching, pairing) for name in home.__all__}
"""Where each public name is at home."""


class Roles(griffe.Extension):
    """Turns the roles and the numbered references of a docstring into Markdown."""

    def on_object(self, *, obj: griffe.Object, **_others: Any) -> None:  # noqa: ANN401 - griffe's signature
        """Rewrite the docstring of one object, if it has one."""
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)


def as_markdown(text: str) -> str:
    """Rewrite the roles and references of one docstring."""
    text = ROLE.sub(lambda found: link(found[1]), text)
    return REFERENCE.sub(r"\1\2. ", FOOTNOTE.sub(r" [\1]", text))


def link(name: str) -> str:
    """Link to the first public name in it; what is not public is only set as code."""
    for part in name.split("."):
        if part in PUBLIC:
            return f"[`{name}`][{PUBLIC[part]}.{part}]"
    return f"`{name}`"
