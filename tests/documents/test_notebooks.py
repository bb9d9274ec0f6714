"""The notebooks in `examples` run, and show today what was committed."""

from __future__ import annotations

import re
import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
LARGEST_BYTES = 600_000


def load_execute() -> ModuleType:
    """The command that refreshes the notebooks."""
    spec = spec_from_file_location("execute", EXAMPLES / "execute.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


execute = load_execute()
every_notebook = pytest.mark.parametrize("name", execute.NOTEBOOKS)


@every_notebook
def test_notebook_shows_what_was_committed(name: str) -> None:
    """Run from top to bottom in a fresh kernel: the same texts and tables, and pictures of the same size."""
    kept = execute.read(EXAMPLES / name)
    assert execute.differences(kept, execute.executed(kept)) == []


@every_notebook
def test_notebook_is_fit_to_be_committed(name: str) -> None:
    """Small; no paths, times, versions, errors or warnings; run in order; every picture has alt text."""
    path = EXAMPLES / name
    text = path.read_text(encoding="utf-8")
    notebook = execute.read(path)
    assert len(text.encode()) < LARGEST_BYTES
    assert text == execute.written(notebook)
    words = re.sub(r'"image/png": "[^"]*"', "", text)
    machine = (str(Path.home()), str(EXAMPLES.parent), sys.prefix, "site-packages", "/tmp")  # noqa: S108
    assert [place for place in machine if place in words] == []
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert "version" not in notebook.metadata.language_info
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert [set(cell.metadata) - {"alt"} for cell in notebook.cells if set(cell.metadata) - {"alt"}] == []
    outputs = [output for cell in code for output in cell.outputs]
    assert not [each for each in outputs if each.output_type == "error" or each.get("name") == "stderr"]
    pictures = [each for each in outputs if "image/png" in each.get("data", {})]
    assert len(pictures) >= 2
    assert all(len(each.metadata["image/png"].alt) > 40 for each in pictures)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert all(re.fullmatch(r"[a-z][a-z-]*", cell.id) for cell in notebook.cells)


def test_every_notebook_is_run() -> None:
    """None lies in the folder that is not checked, and the page beside them names each."""
    assert sorted(path.name for path in EXAMPLES.glob("*.ipynb")) == sorted(execute.NOTEBOOKS)
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in execute.NOTEBOOKS if f"({name})" not in page] == []


def test_stale_notebook_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says which cell is stale, mends it, and then has nothing to do."""
    pixel = (
        "import base64, struct\n"
        "from IPython.display import Image\n"
        "size = struct.pack('>II', 30, 20)\n"
        "Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + struct.pack('>I', 13) + b'IHDR' + size, format='png')"
    )
    cells = [
        nbformat.v4.new_code_cell("print(6 * 7)", id="answer"),
        nbformat.v4.new_code_cell("import pathlib; list(pathlib.Path().iterdir())", id="folder"),
        nbformat.v4.new_code_cell(pixel, id="picture", metadata={"alt": "A dot."}),
    ]
    path = tmp_path / "small.ipynb"
    path.write_text(execute.written(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    monkeypatch.setattr(execute, "HERE", tmp_path)
    assert execute.main(["small.ipynb", "--check"]) == 1
    assert "cell 'answer' shows something else now" in capsys.readouterr().out
    assert execute.read(path).cells[0].outputs == []
    assert execute.main(["small.ipynb"]) == 0
    first = path.read_bytes()
    kept = execute.read(path)
    assert kept.cells[0].outputs[0].text == "42\n"
    assert kept.cells[1].outputs[0].data["text/plain"] == "[]"
    assert kept.cells[2].outputs[0].metadata["image/png"].alt == "A dot."
    capsys.readouterr()
    assert execute.main(["small.ipynb", "--check"]) == 0
    assert execute.main(["small.ipynb"]) == 0
    assert path.read_bytes() == first
    assert capsys.readouterr().out == "small.ipynb: as it was\n" * 2
    kept.cells[2].source = pixel.replace("30", "60")
    path.write_text(execute.written(kept), encoding="utf-8")
    assert execute.main(["small.ipynb", "--check"]) == 1
    assert "cell 'picture'" in capsys.readouterr().out
    shutil.rmtree(tmp_path)
