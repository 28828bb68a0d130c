"""Every model says in its first words what it is called in Vietnamese, and the glossary knows the word."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").casefold()
MODELS = [model for model in apps.get_models() if model.__module__.startswith("kieumau.")]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_model_begins_with_its_vietnamese_word(model: type[models.Model]) -> None:
    word, colon, _ = (model.__doc__ or "").partition(":")
    assert colon, f"{model.__name__} needs a docstring that begins with its Vietnamese word and a colon"
    assert f"| {word.strip().casefold()}" in GLOSSARY, f"“{word}” is not in docs/glossary.md"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_glossary_names_the_model(model: type[models.Model]) -> None:
    assert f"`{model.__name__.casefold()}`" in GLOSSARY
