# SPDX-License-Identifier: Apache-2.0
"""The process that looks for passages in common: one JSON document in, one out. It keeps no text.

In: ``items``, each with its ``texts`` by name, ``known`` texts (the question) and ``guide``, what markers are
told; and ``most``, how many findings are told. Out: ``pairs``, those that share most words first, each with
its item, the two names (an empty one is the guide) and the places of the passages; and ``found``, how many.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from question_bank import copying

GUIDE = ""


def main() -> None:
    """Compare what stands on the standard input."""
    os.nice(10)
    json.dump(compared(json.loads(sys.stdin.read())), sys.stdout)


def compared(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the findings of one document."""
    found = [row for item in asked["items"] for row in _of_item(item)]
    found.sort(key=lambda row: (-row["words"], row["item"], row["one"], row["other"]))
    texts = len({name for item in asked["items"] for name in item["texts"]})
    return {"texts": texts, "found": len(found), "pairs": found[: asked["most"]]}


def _of_item(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    guide = {GUIDE: item["guide"]} if item["guide"] else {}
    for pair in copying.shared({**item["texts"], **guide}, known=item["known"]):
        places = [[*passage.one, *passage.other] for passage in pair.passages]
        yield {
            "item": item["item"],
            "one": pair.one,
            "other": pair.other,
            "words": pair.words,
            "passages": places,
        }


if __name__ == "__main__":
    main()
