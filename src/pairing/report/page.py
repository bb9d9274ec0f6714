"""What every page has: templates that escape, its own style and script, and a policy against all others."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def template(name: str) -> Template:
    """A template in which every text is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("pairing.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template(name)


@cache
def asset(name: str) -> str:
    """A style or a script of this package."""
    return files("pairing.report").joinpath("assets", name).read_text(encoding="utf-8")


def policy(style: str, script: str | None = None) -> str:
    """The content security policy: nothing from anywhere, and no style or script but these."""
    scripts = "" if script is None else f"script-src '{_source(script)}'; "
    return (
        f"default-src 'none'; style-src '{_source(style)}'; {scripts}"
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"
