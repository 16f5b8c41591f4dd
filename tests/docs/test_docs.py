"""The documents say what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine import ports
from engine.knowledge.readers import readers
from engine.settings import Settings
from engine.settings_example import example
from engine.trials.metrics import METRICS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def text_of_all() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)


def test_the_example_of_settings_is_up_to_date():
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == example()


def test_every_setting_has_a_description():
    assert all(field.description for field in Settings.model_fields.values())


def test_settings_that_documents_name_exist():
    named = set(re.findall(r"STORECLERK_([A-Z_]+)", text_of_all()))
    assert named <= {name.upper() for name in Settings.model_fields}


def test_make_words_that_documents_name_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", text_of_all())) <= words


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path):
    for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        if not target.startswith(("http", "mailto")):
            assert (path.parent / target).exists(), target


def test_the_readme_names_python_where_it_is_installed():
    named = re.findall(r"(\S*)python -m", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert named
    assert {name.lstrip("`") for name in named} == {".venv/bin/"}


def test_every_port_has_a_contract_or_is_drawn():
    contracts = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "contracts").glob("*.py"))
    storage = ("DocumentStore", "BlobStore", "PassageIndex", "Catalogue")
    for name in (*storage, "Embedder", "ChatModel", "RateCounter", "Clock"):
        assert name in ports.__all__
        assert f"class {name}Contract" in contracts


def test_every_gate_metric_is_named_in_the_documents():
    told = text_of_all()
    assert all(metric.name in told for metric in METRICS)


def test_every_kind_of_source_is_named_in_the_changelog():
    kinds = readers(fetcher=None, parsing=None, requests_per_second=1.0, most_pages=1)  # type: ignore[arg-type]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").lower()
    words = {"website": "websites", "file": "files", "text": "typed text", "faq": "question/answer"}
    words["feed"] = "product feeds"
    assert all(words[kind] in changelog for kind in kinds)
