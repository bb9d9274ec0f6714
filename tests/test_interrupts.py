"""Ctrl-C is remembered, raised at once as a rule, and only noted where raising it would do harm."""

from __future__ import annotations

import signal

import pytest

from pairing.interrupts import Interrupts


def test_ctrl_c_is_raised_and_remembered(interrupts: Interrupts) -> None:
    """As a rule."""
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert interrupts.pressed


def test_the_first_ctrl_c_can_be_noted_only(interrupts: Interrupts) -> None:
    """Who works asks for it; whoever presses again is heard at once, and later everything is as before."""
    with interrupts.noted_only():
        signal.raise_signal(signal.SIGINT)
        assert interrupts.pressed
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
