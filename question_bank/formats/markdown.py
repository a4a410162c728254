# SPDX-License-Identifier: Apache-2.0
"""Plain text as Markdown that shows exactly that text, with as few backslashes as that takes, and back."""

import re
import unicodedata
from collections import Counter

_SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_RUN = re.compile(r"\*+|_+|`+|~~+")
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)", re.MULTILINE)
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)")
_SPECIAL = re.compile(r"[\\<&\]*_`~]")
_LINE_START = re.compile(
    r"#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|=+\s*$|-+\s*$|(?:_[ \t]*){3,}$|(?:\*[ \t]*){3,}$|`{3}|~{3}"
    r"|\|?[ :|-]+\|?\s*$|\[[^\]]*\]:"
)
_NUMBERED = re.compile(r"([0-9]{1,9})([.)])(?=\s|$)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def from_plain(text: str) -> str:
    """Markdown that shows the text: nothing in it is taken for markup, and line ends stay line ends."""
    paragraphs: list[list[str]] = [[]]
    for line in inline(text).split("\n"):
        bare = line.strip()
        if bare:
            paragraphs[-1].append(start_of_line(bare))
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join("  \n".join(lines) for lines in paragraphs if lines)


def to_plain(markdown: str) -> str:
    """The text that `from_plain` makes this Markdown of, where there is one."""
    return _ESCAPED.sub(r"\1", markdown.replace("  \n", "\n"))


def inline(text: str, *, is_part: bool = False) -> str:
    """The text with a backslash before each sign that Markdown would take for markup inside a line.

    A part of a line may hold one end of a pair whose other end stands in another part.
    """
    if _SPECIAL.search(text) is None:
        return text
    escaped = _MARKUP.sub(r"\\\g<0>", _BACKSLASH.sub(r"\\\\", text))
    if "](" in escaped:
        escaped = escaped.replace("[", "\\[")
    runs = list(_RUN.finditer(escaped))
    counts = Counter(run.group()[0] for run in runs)
    often = {sign for sign, count in counts.items() if count > 1 or (is_part and sign in "*`")}
    if not often:
        return escaped
    marked = {
        at
        for run in runs
        if run.group()[0] in often and _is_markup(escaped, run)
        for at in range(run.start(), run.end())
    }
    return "".join("\\" + char if at in marked else char for at, char in enumerate(escaped))


def start_of_line(text: str) -> str:
    """The line with a backslash where it would otherwise begin a list, a heading, a quotation or a table."""
    if _LINE_START.match(text):
        return "\\" + text
    return _NUMBERED.sub(r"\1\\\2", text, count=1) if _NUMBERED.match(text) else text


def _is_markup(text: str, run: re.Match[str]) -> bool:
    """True for a run of signs that can open or close emphasis, code or a deletion."""
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    if run.group()[0] == "`":
        return True
    if run.group()[0] == "_" and _is_word(before) and _is_word(after):
        return False
    return bool((before and not before.isspace()) or (after and not after.isspace()))


def _is_word(char: str) -> bool:
    return bool(char) and not char.isspace() and not is_punctuation(char)


def is_punctuation(char: str) -> bool:
    """True for what Markdown counts as punctuation when it looks at the neighbours of a star."""
    return char in _SIGNS or unicodedata.category(char)[:1] in {"P", "S"}
