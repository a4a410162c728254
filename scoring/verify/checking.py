# SPDX-License-Identifier: Apache-2.0
"""Checking a bundle from a file or its bytes, and the command that prints what was found."""

from __future__ import annotations

import sys
from pathlib import Path

from scoring.verify.checks import continues_bundle, continues_checkpoint, named_result, run_checks
from scoring.verify.container import unpack
from scoring.verify.report import Report, UnusableBundle
from scoring.verify.shapes import Bundle, read_bundle

USAGE = "usage: verify.py BUNDLE.zip [--previous BUNDLE.zip|CHECKPOINT.txt]"


def check(bundle: Path | bytes, previous: Path | bytes | None = None) -> Report:
    """The report on a bundle; with an earlier bundle or checkpoint, also whether the log only grew."""
    try:
        read = _read_zipped(bundle)
        results = run_checks(read)
        if previous is not None:
            results.append(
                named_result("D1", "D1: the log continues what was kept earlier", _since(read, previous))
            )
    except (UnusableBundle, OSError) as error:
        return Report(unusable=str(error))
    return Report(results=tuple(results))


def verify_command(arguments: list[str]) -> int:
    """The report is printed; the exit status says whether everything holds."""
    match arguments:
        case [bundle]:
            report = check(Path(bundle))
        case [bundle, "--previous", previous] | ["--previous", previous, bundle]:
            report = check(Path(bundle), Path(previous))
        case _:
            report = Report(unusable=USAGE)
    print(report.text(), file=sys.stderr if report.unusable else sys.stdout)
    return report.exit_status


def _read_zipped(bundle: Path | bytes) -> Bundle:
    return read_bundle(unpack(_bytes(bundle)))


def _bytes(source: Path | bytes) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


def _since(bundle: Bundle, previous: Path | bytes) -> list[str]:
    content = _bytes(previous)
    if content.startswith(b"PK"):
        return list(continues_bundle(bundle, _read_zipped(content)))
    return list(continues_checkpoint(bundle, content.decode(errors="replace")))
