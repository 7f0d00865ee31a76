"""What is different between two editions. Pure: it reads nothing.

The rule, the same for the comparison and for carrying a ledger over. Indicators are paired from the top down: by their
name below paired parents, then by their code there if the names are alike, then by their name anywhere on the level.
Criteria are paired in this order, each one once:

1. the same words at the same place (below the paired indicator) with the same number;
2. the same words at the same place;
3. the same words anywhere: moved;
4. at the same place with the same number, and somewhat alike: reworded;
5. at the same place, the most alike first: reworded;
6. anywhere, very much alike, the most alike first: moved and reworded.

What is left of the old edition is removed, what is left of the new one is added. Spaces, width and punctuation do not
count. How alike two texts are is how many kinds of neighbouring characters they share, of all they have (Dice).
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from units.names import plain

SAME_NAME, HERE, ALIKE, MUCH_ALIKE = 0.4, 0.3, 0.5, 0.7
ADDED, REMOVED, MOVED, REWORDED, METHODS, RENUMBERED, SAME = (
    "added", "removed", "moved", "reworded", "methods", "renumbered", "same",
)  # fmt: skip
WORDS = re.compile(r"[A-Za-z0-9.%]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Leaf:
    """One criterion with the `(code, name)` of the indicators above it, from the outermost inwards."""

    pk: int
    path: tuple
    number: str
    text: str
    methods: tuple = ()
    is_negative: bool = False

    @property
    def place(self):
        return " › ".join(f"{code} {name}".strip() for code, name in self.path)

    @property
    def codes(self):
        return [code for code, _name in self.path] + [self.number]


@dataclass(frozen=True)
class Pair:
    """A criterion of the old edition and the one of the new edition that follows it; one of them may be missing."""

    old: Leaf | None
    new: Leaf | None
    is_moved: bool = False

    @property
    def changes(self):
        """What is different, the weightiest first; empty when nothing is."""
        if self.old is None or self.new is None:
            return [REMOVED if self.new is None else ADDED]
        old, new = self.old, self.new
        found = {
            MOVED: self.is_moved,
            REWORDED: plain(old.text) != plain(new.text),
            METHODS: set(old.methods) != set(new.methods),
            RENUMBERED: not self.is_moved and old.codes != new.codes,
        }
        return [name for name, is_so in found.items() if is_so]

    @property
    def marks(self):
        """The words of both texts in one row: `("=" | "-" | "+", words)`."""
        return marked(self.old.text if self.old else "", self.new.text if self.new else "")


@lru_cache(maxsize=8192)
def twos(text):
    """The pairs of neighbouring characters in the text; of a single character itself."""
    words = plain(text)
    return frozenset(words[at : at + 2] for at in range(max(len(words) - 1, 1)) if words)


def alike(one, other):
    """How alike two texts are, 0 to 1."""
    first, second = twos(one), twos(other)
    return share(len(first & second), first, second)


def share(common, first, second):
    size = len(first) + len(second)
    return 2 * common / size if size else 1.0


def compare(old, new):
    """Every leaf of both editions in exactly one `Pair`, in the order of the new edition."""
    twins = pair_indicators([leaf.path for leaf in old], [leaf.path for leaf in new])
    found = Pairing(old, new, twins).run()
    return in_order(old, new, found, twins)


def pair_indicators(old, new):
    """The path of the new edition for each path of the old one that has one."""
    twins = {(): ()}
    for depth in range(1, max(map(len, [*old, *new]), default=0) + 1):
        left = dict.fromkeys(path[:depth] for path in old if len(path) >= depth)
        right = dict.fromkeys(path[:depth] for path in new if len(path) >= depth)
        for is_twin in (same_name_here, same_code_here, same_name):
            for one in left:
                if one in twins:
                    continue
                other = next((other for other in right if is_twin(one, other, twins)), None)
                if other is not None:
                    twins[one] = other
                    del right[other]
    return twins


def same_name_here(one, other, twins):
    return twins.get(one[:-1]) == other[:-1] and same_name(one, other, twins)


def same_code_here(one, other, twins):
    (code, name), (other_code, other_name) = one[-1], other[-1]
    is_here = twins.get(one[:-1]) == other[:-1]
    return is_here and code and code == other_code and alike(name, other_name) >= SAME_NAME


def same_name(one, other, _twins):
    return plain(one[-1][1]) == plain(other[-1][1])


class Pairing:
    """The six stages of pairing criteria; `run` returns new position → old position."""

    def __init__(self, old, new, twins):
        self.old, self.new = old, new
        self.places = [twins.get(leaf.path) for leaf in old]
        self.left, self.right = dict.fromkeys(range(len(old))), dict.fromkeys(range(len(new)))
        self.found = {}

    def run(self):
        new, old, places = self.new, self.old, self.places
        here = [leaf.path for leaf in new]
        words = [plain(leaf.text) for leaf in old], [plain(leaf.text) for leaf in new]
        exact = [
            lambda at, side: ((places, here)[side][at], (old, new)[side][at].number, words[side][at]),
            lambda at, side: ((places, here)[side][at], words[side][at]),
            lambda at, side: words[side][at],
        ]
        for key in exact:
            self.by_key(key)
        numbered = lambda at, side: ((places, here)[side][at], (old, new)[side][at].number)  # noqa: E731
        self.by_likeness(HERE, numbered)
        self.by_likeness(ALIKE, lambda at, side: (places, here)[side][at])
        self.by_likeness(MUCH_ALIKE, lambda _at, _side: "anywhere")
        return self.found

    def groups(self, key):
        """The old leaves that are left, by their key; one without a place in the new edition stands nowhere."""
        found = defaultdict(list)
        for at in self.left:
            found[key(at, 0)].append(at)
        return found

    def by_key(self, key):
        """Pair those of the same key, in their order."""
        waiting = self.groups(key)
        for at in list(self.right):
            if waiting.get(key(at, 1)):
                self.take(waiting[key(at, 1)].pop(0), at)

    def by_likeness(self, least, key):
        """Pair those of the same key that are at least so much alike, the most alike first."""
        known = [found for found in self.likely(key) if found[0] <= -least]
        for _likeness, there, at in sorted(known):
            if there in self.left and at in self.right:
                self.take(there, at)

    def likely(self, key):
        """`(-likeness, old, new)` of all that share a key and two neighbouring characters.

        By an index of those characters: to hold each text against each other would take minutes for large editions.
        """
        index = defaultdict(list)
        for place, group in self.groups(key).items():
            for there in group:
                for two in twos(self.old[there].text):
                    index[place, two].append(there)
        for at in self.right:
            mine, place = twos(self.new[at].text), key(at, 1)
            common = Counter(there for two in mine for there in index.get((place, two), ()))
            for there, count in common.items():
                yield -share(count, twos(self.old[there].text), mine), there, at

    def take(self, there, at):
        self.found[at] = there
        del self.left[there], self.right[at]


def in_order(old, new, found, twins):
    """The pairs as the new edition goes; what was removed stands behind what stood before it."""
    position = {there: at for at, there in found.items()}
    rows = [((at, 0), pair(old, new, found.get(at), at, twins)) for at in range(len(new))]
    behind = -1
    for there, leaf in enumerate(old):
        behind = position.get(there, behind)
        if there not in position:
            rows.append(((behind, there + 1), Pair(leaf, None)))
    return [row for _order, row in sorted(rows, key=lambda item: item[0])]


def pair(old, new, there, at, twins):
    if there is None:
        return Pair(None, new[at])
    return Pair(old[there], new[at], is_moved=twins.get(old[there].path) != new[at].path)


def marked(old, new):
    """`old` and `new` in one row of `(mark, words)`: "=" in both, "-" only in the old one, "+" only in the new one."""
    first, second = WORDS.findall(old), WORDS.findall(new)
    rows = []
    for name, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        gone, come = "".join(first[a:b]), "".join(second[c:d])
        rows += (
            [("=", gone)] if name == "equal" else [(mark, words) for mark, words in (("-", gone), ("+", come)) if words]
        )
    return rows
