"""Packs: for each pair a briefing that its teams take on the train to their visit."""

from pairing.report.packs.choice import PackChoice, choose_packs, file_stem
from pairing.report.packs.render import render_pack, render_pack_index, render_packs

__all__ = ["PackChoice", "choose_packs", "file_stem", "render_pack", "render_pack_index", "render_packs"]
