"""Cells that name methods of assessment, alone, per numbered standard, or with the material asked for."""

import re
from dataclasses import dataclass, field

from tasks.reading.cell_text import TAIL, folded, numbered_parts, one_line

METHODS = {
    "材料审核": "材料审核 审核材料 材料审查 资料审核 材料评审 查阅资料 翻阅资料 查看资料 查阅材料 查看材料",
    "实地考察": "实地考察 实地查看 现场查看 现场考察 实地检查 现场检查 实地测评 实地暗访 暗访 现场测评",
    "问卷调查": "问卷调查 问卷 入户调查 调查问卷 民意调查 满意度调查 入户问卷",
    "网上申报": "网上申报 网络申报 网上材料申报 网上审核",
    "听取汇报": "听取汇报 听汇报 工作汇报",
    "整体观察": "整体观察 总体观察",
}
PLAIN = {spelling: method for method, spellings in METHODS.items() for spelling in spellings.split()}
# Narrow columns break the words themselves: "材料\n审核".
SPELLINGS = "|".join(r"\s*".join(spelling) for spelling in sorted(PLAIN, key=len, reverse=True))
SEPARATORS = r"\s、,;+/。"
NAMED = re.compile(
    rf"(?:(?<=^)|(?<=[{SEPARATORS})和及与]))(?:采取|采用|通过)?({SPELLINGS})(?:法|方式)?(?:相结合)?(?=$|[{SEPARATORS}(:和及与])"
)
BETWEEN = re.compile(rf"[{SEPARATORS}]+")
EDGES = TAIL + ":+/和及与\uff1a"
RANGE = re.compile(r"(\d{1,2})\s*(?:\)\s*)?[-—–~至]\s*(\d{1,2})\s*\)")
MATERIAL_FOLLOWS = ("\n", ":", "(")
LONGEST_WORD = 8


@dataclass
class MethodCell:
    """Methods in order, `by_number` where the cell gives them per numbered standard; the rest is the material."""

    methods: list[str] = field(default_factory=list)
    by_number: dict[str, list[str]] = field(default_factory=dict)
    material: str = ""
    unknown: list[str] = field(default_factory=list)

    def of(self, number):
        return self.by_number.get(number, []) if self.by_number else self.methods


def read_methods(text):
    """Read a cell of methods; never fails, words it does not know are in `unknown`."""
    cell = MethodCell()
    points = numbered_parts(RANGE.sub(spelled_out, folded(text)))
    if not any(NAMED.search(said.strip()) for _number, said in points):
        cell.methods = take(text, cell)
        return cell
    waiting, materials = [], []
    for number, said in points:
        waiting.append(number)
        if not said.strip():  # "1)2)材料审核": the words after the last number count for all of them
            continue
        methods = take(said, cell)
        materials.append(cell.material)
        cell.by_number.update(dict.fromkeys(waiting, methods))
        cell.methods += [method for method in methods if method not in cell.methods]
        waiting = []
    cell.material = " ".join(filter(None, materials))
    return cell


def spelled_out(found):
    first, last = int(found[1]), int(found[2])
    return "".join(f"{number})" for number in range(first, last + 1)) if last - first < 50 else found[0]


def take(text, cell):
    """The methods that the text names; what is left is noted in the cell as material or as unknown words."""
    text = text.strip()
    methods, left, place = [], [], 0
    for found in NAMED.finditer(folded(text)):
        methods.append(PLAIN["".join(found[1].split())])
        left.append(text[place : found.start()])
        place = found.end()
    left = [piece for piece in [*left, text[place:]] if piece.strip(EDGES)]
    words = [word for piece in left for word in BETWEEN.split(folded(piece)) if word]
    is_list = all(len(word) <= LONGEST_WORD for word in words)
    if is_list and not any(mark in folded(piece.lstrip(" ")[:1]) for piece in left for mark in MATERIAL_FOLLOWS):
        cell.unknown += words
        cell.material = ""
    else:
        cell.material = one_line("\uff1b".join(piece.strip(EDGES) for piece in left))
    return list(dict.fromkeys(methods))
