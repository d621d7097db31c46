"""Fixtures for kits of C and C++: models of many forms, and self-tests built once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.export.kits.c.programs import LANGUAGES, Language, Models, Programs, build
from tests.export.kits.kit_models import kit_model


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return cache(lambda form: kit_model(form, tmp_path_factory.mktemp(form)))


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    chosen = LANGUAGES[request.param]
    chosen.demand()
    return chosen


@pytest.fixture(scope="session")
def programs(models: Models, tmp_path_factory: pytest.TempPathFactory) -> Programs:
    """Builds a language's self-test for a form of model, once."""

    @cache
    def program(language: Language, form: str) -> Path:
        folder = tmp_path_factory.mktemp("program")
        kit = language.write(models(form), folder)
        (suffix,) = {Path(name).suffix for name in language.sources}
        build(language, kit, [kit / f"selftest{suffix}"], folder / "selftest")
        return folder / "selftest"

    return program
