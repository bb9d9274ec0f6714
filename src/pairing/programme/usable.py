"""The part of a section that can be used although something in it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


def without_faults(content: object, error: ValidationError) -> dict[str, object] | None:
    """Leave out what a model refused, so that the rest can be checked against the tables.

    Parameters
    ----------
    content : object
        The section as it was read.
    error : pydantic.ValidationError
        What the model said.

    Returns
    -------
    dict or None
        The section without the keys at fault; of a list of names, only the entries at fault are left out.
        None if the section is no table.

    Examples
    --------
    >>> from pydantic import ValidationError
    >>> from pairing.programme import TeamsSettings
    >>> section = {"file": "teams.csv", "id": "team", "sze": "beds", "exclude": ["A", 7]}
    >>> try:
    ...     TeamsSettings.model_validate(section)
    ... except ValidationError as error:
    ...     without_faults(section, error)
    {'file': 'teams.csv', 'id': 'team', 'exclude': ['A']}
    """
    if not isinstance(content, Mapping):
        return None
    at_fault: dict[object, set[object]] = {}
    for detail in error.errors(include_url=False):
        location: tuple[object, ...] = (*detail["loc"], None)
        at_fault.setdefault(location[0], set()).add(location[1])
    kept = {key: value for key, value in content.items() if key not in at_fault}
    for key, places in at_fault.items():
        value = content.get(key)
        if isinstance(value, list) and _is_list_of_names(value):
            kept[str(key)] = [entry for place, entry in enumerate(value) if place not in places]
    return kept


def _is_list_of_names(value: list[object]) -> bool:
    # In a list of pairs an entry's place is part of later messages, and must not shift.
    return not any(isinstance(entry, (list, tuple)) for entry in value)
