"""Where the strings for people are: read out of Python and templates without the system's gettext."""

import io
import sys
import tokenize

from babel.messages.extract import extract
from django.template import TemplateSyntaxError
from django.utils.translation.template import templatize

PYTHON_FOLDERS = ("config", "units", "tasks", "inspections", "reports")
KEYWORDS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], None),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}


class UnreadableSource(Exception):
    """A source file cannot be parsed, so nobody can say which strings it holds."""


def unindented(text):
    """A template's lines are indented as its markup is, which Python would not read."""
    return "\n".join(line.lstrip() for line in text.splitlines())


def sources(root):
    """Every file that may hold strings for people, with its text as Python source."""
    for folder in PYTHON_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield path, lambda path=path: unindented(templatize(path.read_text(), origin=str(path)))


def strings(root, on_unreadable):
    """All (message, context) of the sources below `root`; a file that cannot be read goes to `on_unreadable`."""
    for path, read in sources(root):
        try:
            source = io.BytesIO(read().encode())
            found = list(extract("python", source, keywords=KEYWORDS, options={"encoding": "utf-8"}))
        except (TemplateSyntaxError, SyntaxError, tokenize.TokenError, ValueError) as error:
            on_unreadable(f"{path.relative_to(root)}: {error}")
            continue
        for _line, message, _comments, context in found:
            if message and message != ("", ""):
                yield message, context


def refuse(problem):
    raise UnreadableSource(problem)


def warn(problem):
    print(f"skipped, its strings stay as they are: {problem}", file=sys.stderr)
