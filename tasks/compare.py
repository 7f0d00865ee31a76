"""What a report says anew, beside the one that was approved before it: pure, no database."""

import re
from dataclasses import dataclass

# After the mark that ends a sentence, and at line ends.
ENDS = re.compile(r"(?<=[。！？；!?;])|(?<=\.)(?=\s)|\n")


@dataclass(frozen=True)
class Sentence:
    text: str
    is_new: bool


def sentences(text):
    return [part.strip() for part in ENDS.split(text) if part.strip()]


def marked(text, earlier):
    """The sentences of `text`, each with whether `earlier` does not say it in just these words."""
    known = {plain(one) for one in sentences(earlier)}
    return [Sentence(one, plain(one) not in known) for one in sentences(text)]


def plain(sentence):
    return re.sub(r"\s+", "", sentence)
