"""Questions to ask on a visit: open ones, for any indicator, and the programme's own where it has some."""

from __future__ import annotations

FOLLOW_UPS = (
    "Take one recent patient for whom this went well: what happened when, and who saw to it?",
    "Has it always been like this? If not, what changed, and what made the difference?",
    "Who decides, at which meeting, and what has to be known by then?",
    "Which patients are the exceptions, and what would we read in their notes?",
    "How do you notice that it slips, and who acts on it?",
    "What does it take in people, time and equipment, and what could you not do without?",
    "If you had our figures, what would you try first?",
    "May we see the protocol, the form or the list that you use, and take a copy?",
)
"""Asked in turn, two a lesson, so that no two neighbouring lessons ask the same."""

OF_WHAT_SHOULD_NOT_BE = {
    0: "Take the last time it happened to one of your patients: what did you find when you looked into it?",
    3: "Which patients are still at risk of it, and what do you do for them?",
}
"""In place of those with the same number, where a lower value is better."""

ALWAYS = (
    "Do our two teams count this in the same way: which patients are in, and from which day?",
    "What are you proud of that no audit measures?",
    "What have you tried that did not work, and why?",
    "What of ours would you like to see?",
)
"""Asked whatever the audit says."""

NOTHING_STANDS_OUT = (
    "The audit shows nothing in which {teacher} is clearly ahead. That is no sign that there is nothing to "
    "see: ask what they have changed in the last two years, and how it went."
)


def opening(*, teacher: str, learner: str, higher_is_better: bool) -> str:
    """The first question about a lesson.

    Parameters
    ----------
    teacher, learner : str
        Their rates; "" where they would say nothing: one is not known, or the two may well be the same.
    higher_is_better : bool
        Direction of the indicator.

    Examples
    --------
    >>> opening(teacher="93%", learner="83%", higher_is_better=True)
    'How do you reach 93% where we have 83%?'
    >>> opening(teacher="2.1%", learner="4.0%", higher_is_better=False)
    'How do you keep it down to 2.1% where we have 4.0%?'
    >>> opening(teacher="", learner="83%", higher_is_better=True)
    'How do you go about this, from the first contact with a patient to the last?'
    """
    if not teacher or not learner or teacher == learner:
        return "How do you go about this, from the first contact with a patient to the last?"
    verb = "reach" if higher_is_better else "keep it down to"
    return f"How do you {verb} {teacher} where we have {learner}?"


def follow_ups(lesson: int, *, higher_is_better: bool) -> tuple[str, ...]:
    """Two more questions about a lesson.

    Parameters
    ----------
    lesson : int
        Its place among the lessons of one direction, from 0.
    higher_is_better : bool
        Direction of the indicator.

    Examples
    --------
    >>> follow_ups(1, higher_is_better=True)[0]
    'Who decides, at which meeting, and what has to be known by then?'
    >>> follow_ups(0, higher_is_better=False)[0]
    'Take the last time it happened to one of your patients: what did you find when you looked into it?'
    """
    places = [(2 * lesson + step) % len(FOLLOW_UPS) for step in (0, 1)]
    special = {} if higher_is_better else OF_WHAT_SHOULD_NOT_BE
    return tuple(special.get(place, FOLLOW_UPS[place]) for place in places)
