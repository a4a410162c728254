# SPDX-License-Identifier: Apache-2.0
"""QTI, the standard of the trade: 1.2 as Canvas exports it, 2.1, 2.2 and 3.0; items, tests and packages."""

from functools import partial

from question_bank.formats.format import Format
from question_bank.formats.qti.reading import read
from question_bank.formats.qti.recognising import version_of
from question_bank.formats.qti.scoring import Outcomes, score
from question_bank.formats.qti.writing import write

__all__ = ["FORMATS", "NAMES", "Outcomes", "score"]

_WRITTEN = ("qti22", "qti30")
NAMES = {"qti12": "QTI 1.2", "qti21": "QTI 2.1", "qti22": "QTI 2.2", "qti30": "QTI 3.0"}


def _recognises(content: bytes, version: str) -> bool:
    return version_of(content) == version


def _format(name: str) -> Format:
    return Format(
        name=name,
        title=NAMES[name],
        endings=("zip", "xml"),
        media_type="application/zip",
        recognises=partial(_recognises, version=name),
        read=partial(read, format=name),
        write=partial(write, version=name) if name in _WRITTEN else None,
    )


FORMATS = tuple(_format(name) for name in NAMES)
