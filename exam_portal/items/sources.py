# SPDX-License-Identifier: Apache-2.0
"""The legal sources of an item: its own, and those of the questions inside a case study."""

from collections.abc import Mapping
from typing import Any


def of(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the source of a native content and of each question inside it, where one is stated."""
    parts = (content, *content.get("items", ()))
    return [source for part in parts if (source := part.get("source")) and any(source.values())]


def instruments(content: Mapping[str, Any]) -> str:
    """Return every instrument once, as it is named."""
    return " ".join(dict.fromkeys(each["instrument"] for each in of(content) if each["instrument"]))


def last_day(content: Mapping[str, Any]) -> str:
    """Return the last day on which all of them are in force; empty where none says."""
    return min((each["valid_to"] for each in of(content) if each["valid_to"]), default="")
