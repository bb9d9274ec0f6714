"""Packs: for each pair a briefing that its teams take on the train to their visit."""

from pairing.report.packs.choice import PackChoice, choose_packs
from pairing.report.packs.render import render_pack, render_pack_index

__all__ = ["PackChoice", "choose_packs", "render_pack", "render_pack_index"]
