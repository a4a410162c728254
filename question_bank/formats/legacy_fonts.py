# SPDX-License-Identifier: Apache-2.0
"""Texts of the time before Unicode: letters of TCVN3 (ABC) and VNI fonts, right in those fonts only.

They cannot be told from signs of other alphabets one by one, and capital letters of TCVN3 live in the font:
such a file is refused by the name of its encoding, and whoever owns it converts it.
"""

import re
import unicodedata

_SAMPLE = 200_000
_LEAST = 4

_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u0300\u0301\u0303\u0309\u0323\u1ea0-\u1ef9]")
_TCVN3 = re.compile("(?<=[A-Za-z])[¸µ¶·¹¨©ª«¬\xad®¾»¼½Æ]|[¸µ¶¹¨©ª«¬®¾»¼½](?=[a-z])")
_VNI = re.compile(
    "[aeouyAEOUY][ùøûõïÙØÛÕÏåÅäëüúÄËÜÚ]|[aeoAEO]â[ùøûõïáàåãä]?|[ñÑ](?=[aeioôöuA-Z])|ö[ùøûõï]?(?=[a-z ])"
)


def found_in(text: str) -> str | None:
    """The name of the old encoding the text is written in, or None."""
    sample = text[:_SAMPLE]
    real = len(_VIETNAMESE.findall(unicodedata.normalize("NFC", sample)))
    tcvn3, vni = len(_TCVN3.findall(sample)), len(_VNI.findall(sample))
    if tcvn3 >= _LEAST and tcvn3 > real:
        return "TCVN3 (ABC)"
    return "VNI" if vni >= _LEAST and vni > real and 50 * vni > len(sample) else None


def message(name: str) -> str:
    """What is said of a file in such an encoding."""
    return (
        f"The text is written for {name} fonts and would come out wrong. Convert it to Unicode with the"
        " converter of the Vietnamese keyboard program, and choose the file again."
    )
