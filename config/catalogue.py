"""The Chinese catalogue, kept without the system's gettext: `python -m config.catalogue ACTION`.

extract          read the sources, drop what is no longer used, compile
fill FILE.json   merge {"English": "中文"} and compile; a key may be "context\\u0004English", a value ["中文"]
missing          print what has no translation as JSON, ready to be filled in
check            exit 1 and say why, unless everything is translated, well formed, current and compiled

Writers may run side by side: each holds a file lock from reading to writing.
"""

import argparse
import contextlib
import datetime
import fcntl
import io
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from config.strings import UnreadableSource, refuse, strings, warn

ROOT = Path(__file__).resolve().parent.parent
LOCALE = "zh_Hans"
PO = ROOT / "locale" / LOCALE / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
PERCENT_FORMAT = re.compile(r"%(?:\(\w+\))?[#0\- +]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa%]")
BRACE_FORMAT = re.compile(r"\{(\w*)[^{}]*\}")
CONTEXT_MARK = "\u0004"


def empty_catalogue():
    a_fixed_date = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # a real one would make every run a change
    return Catalog(
        LOCALE,
        project="文明台",
        version="1",
        header_comment="# The Chinese of 文明台. Kept by config/catalogue.py.",
        last_translator="文明台",
        language_team="文明台",
        copyright_holder="文明台",
        creation_date=a_fixed_date,
        revision_date=a_fixed_date,
        fuzzy=False,
    )


def extracted(on_unreadable):
    """A catalogue of all strings in the sources, untranslated."""
    catalogue = empty_catalogue()
    for message, context in strings(ROOT, on_unreadable):
        catalogue.add(message, context=context)
    return catalogue


def stored():
    if not PO.exists():
        return empty_catalogue()
    with PO.open("rb") as file:
        return read_po(file, locale=LOCALE)


def messages(catalogue):
    return [message for message in catalogue if message.id]


def key(message):
    """How a message is named in a JSON file: its singular, behind its context if it has one."""
    singular = message.id[0] if message.pluralizable else message.id
    return f"{message.context}{CONTEXT_MARK}{singular}" if message.context else singular


def put(message, chinese):
    """Chinese has one form for all numbers."""
    message.string = (chinese,) if message.pluralizable else chinese


def chinese_of(message):
    return message.string if isinstance(message.string, str) else "".join((message.string or ())[:1])


def compiled(catalogue):
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def written(catalogue):
    file = io.BytesIO()
    write_po(
        file,
        catalogue,
        width=0,
        no_location=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    return file.getvalue()


def save(catalogue):
    for path, content in ((PO, written(catalogue)), (MO, compiled(catalogue))):
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        unfinished.write_bytes(content)
        unfinished.replace(path)


@contextlib.contextmanager
def alone():
    """Hold the catalogue for reading and writing."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(PO.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def merged(fresh, old, *, keep_unused):
    """`fresh` with the translations of `old`, and with what only `old` has if `keep_unused`."""
    before = {key(message): message for message in messages(old)}
    for message in messages(fresh):
        if known := before.pop(key(message), None):
            put(message, chinese_of(known))
            if known.fuzzy:
                message.flags.add("fuzzy")
    if keep_unused:
        for message in before.values():
            kept = fresh.add(message.id, context=message.context)
            put(kept, chinese_of(message))
    return fresh


def run_extract():
    with alone():
        save(merged(extracted(refuse), stored(), keep_unused=False))


def run_fill(paths):
    """Merge the files; what no source uses is told, and kept out."""
    given = {}
    for path in paths:
        given |= json.loads(Path(path).read_text())
    with alone():
        catalogue = merged(extracted(warn), stored(), keep_unused=True)
        by_key = {key(message): message for message in messages(catalogue)}
        for name, chinese in given.items():
            message = by_key.get(name)
            if message is None:
                print(f"no source has: {name!r}", file=sys.stderr)
            elif chinese:
                put(message, chinese if isinstance(chinese, str) else chinese[0])
                message.flags.discard("fuzzy")
        save(catalogue)


def placeholders(text):
    return Counter(PERCENT_FORMAT.findall(text)), Counter(BRACE_FORMAT.findall(text))


def wrong_with(message):
    """What a reader of the interface would trip over in this message, or None."""
    chinese = chinese_of(message)
    english = message.id[-1] if message.pluralizable else message.id
    if not chinese:
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    if placeholders(chinese) != placeholders(english) and ("python-format" in message.flags or "{" in english):
        return f"placeholders differ: {chinese!r}"
    return None


def problems():
    """Everything that `check` complains about, one line each."""
    unreadable = []
    fresh, old = extracted(unreadable.append), stored()
    wanted, present = ({key(message) for message in messages(catalogue)} for catalogue in (fresh, old))
    found = [f"unreadable: {problem}" for problem in unreadable]
    found += [f"not in the catalogue (run extract): {name!r}" for name in sorted(wanted - present)]
    found += [f"no longer used (run extract): {name!r}" for name in sorted(present - wanted)]
    found += [f"{wrong}: {key(message)!r}" for message in messages(old) if (wrong := wrong_with(message))]
    if not MO.exists() or MO.read_bytes() != compiled(old):
        found.append(f"{MO.relative_to(ROOT)} is not compiled from {PO.name} (run extract)")
    return found


def run_missing():
    catalogue = merged(extracted(warn), stored(), keep_unused=False)
    names = sorted(key(message) for message in messages(catalogue) if not chinese_of(message))
    print(json.dumps(dict.fromkeys(names, ""), ensure_ascii=False, indent=1))


def main():
    parser = argparse.ArgumentParser(prog="python -m config.catalogue")
    parser.add_argument("action", choices=["extract", "fill", "missing", "check"])
    parser.add_argument("files", nargs="*", help="for fill: JSON files")
    arguments = parser.parse_args()
    try:
        match arguments.action:
            case "extract":
                run_extract()
            case "fill":
                run_fill(arguments.files)
            case "missing":
                run_missing()
            case "check":
                if found := problems():
                    sys.exit("\n".join(found))
    except UnreadableSource as error:
        sys.exit(f"unreadable, so nothing was changed: {error}")


if __name__ == "__main__":
    main()
