# SPDX-License-Identifier: Apache-2.0
"""Words in a given language outside of a request: letters and documents speak their receiver's language."""

from functools import lru_cache
from pathlib import Path

from babel.support import NullTranslations, Translations

DIRECTORY = Path(__file__).resolve().parents[1] / "translations"


@lru_cache(maxsize=8)
def of(language: str) -> NullTranslations:
    """Return the catalogue of a language: ``_ = translations.of("vi").gettext``."""
    return Translations.load(DIRECTORY, [language])
