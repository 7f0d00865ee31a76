"""Cells that name units: split into names, with the part each plays where the cell says so."""

import re
from collections import Counter
from dataclasses import dataclass, field

from tasks.reading.cell_text import folded
from units.names import INVISIBLE

LEAD, RESPONSIBLE, SUPPORTING = "lead", "responsible", "supporting"
ROLE_WORDS = {
    **dict.fromkeys(["牵头", "总牵头", "主办", "主责", "第一责任", "主要责任", "牵头责任"], LEAD),
    **dict.fromkeys(["责任", "承办", "负责", "落实", "实施"], RESPONSIBLE),
    **dict.fromkeys(["配合", "协办", "协助", "参与", "协同", "参加"], SUPPORTING),
}
ROLES = "|".join(sorted(ROLE_WORDS, key=len, reverse=True))
BODY = "(?:责任)?(?:单位|部门|科室)"
PAIRS = {")": "(", "]": "[", "}": "{", "〕": "〔", "】": "【", "〉": "〈", "》": "《"}
OPENERS = frozenset(PAIRS.values())
SEPARATORS = frozenset("、,;。")

PREFIX = re.compile(
    rf"[(\[【〔](?P<ringed>{ROLES}){BODY}?[)\]】〕]:?|(?P<named>{ROLES})[及与和、]?{BODY}?:|(?P<bodied>{ROLES}){BODY}"
)
NOTE = re.compile(rf"[(\[【〔]\s*(?P<role>{ROLES})(?:{BODY}|负责|落实)?\s*[)\]】〕]$")
SUFFIX = re.compile(rf"(?:按[^、,]{{0,8}}?)?(?:共同|具体|统一|分别)?(?P<role>{ROLES})(?:负责|落实|实施|抓落实|做好)?$")
PERSON_NOTE = re.compile(r"(?P<unit>.+?)[(:](?P<person>[^():]{2,4})\)?")
NAME_END = "办局委部会院校所站队厅署社团司厂行心区县市镇乡街道处科组馆台网报)"
OPEN_END = re.compile(
    r"等(?:\d+|[一二三四五六七八九十]+)?[个家各]?(?:相关|有关|其他|其它)?"
    r"(?:责任|成员|职能)?(?:(?:单位|部门)[和及与]?(?:单位|部门)?)?$|[(\uff08]等[)\uff09]$"
)
OTHERS = frozenset(["单位", "部门"])  # what is left of "等部门、单位"
OPEN_MIDDLE = re.compile(rf"(?<=[{NAME_END}])等(?=.{{2}})")
CUT_OFF = ("…", "...", "。。")
JOINS_NEXT = re.compile(r"[^和与及][和与及]$")
NOTHING = frozenset(["", "无", "/", "\\", "-", "—", "——", "--", "暂无", "待定", "×"])
LEVELS = "县|市|区|旗|乡|镇|村|街道|社区|办|办事处"
GROUP_BEGUN = re.compile(r"各[县市区旗乡镇村街道社办事处、()]+")
LONGEST_GROUP = 30
GROUP_GOES_ON = re.compile(rf"(?:{LEVELS})+(?:\((?:{LEVELS}|、)+\))?")
# Where the line breaks of a cell were lost: "牵头单位:甲局配合单位:乙局", "甲局(牵头)乙局(配合)", "①甲局②乙局".
RINGED = rf"[(\[【〔]\s*(?:{ROLES})(?:{BODY}|负责|落实)?\s*[)\]】〕]:?"
LABEL = (
    rf"(?<=[^\s、,;。:(\[【〔][{NAME_END}])(?:(?:{ROLES})[及与和]?{BODY}:|(?:总?牵头|主办|承办|配合|协办|参与):"
    rf"|(?:{ROLES}){BODY}(?=[^\s、,;。:)]))"
)
LIST_NUMBER = r"(?:(?<=^)|(?<=[\s、,;。:]))(?:\(\d{1,2}\)|\d{1,2}[.)、])\s*(?=[^\d\s])|[①-⑳]"
GLUED = re.compile(rf"(?P<ringed>{RINGED})|(?P<label>{LABEL})|(?P<number>{LIST_NUMBER})")
ONE_CJK = re.compile(r"[㐀-鿿]")
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
LONGEST_NAME = 40
UNCLOSED = "([{【〔\uff08\uff3b\uff5b"
STRAY = " \t\n:.\uff1a\uff0e"


@dataclass
class UnitCell:
    """What a cell says: names in order with their part (None where it does not say), and what is left open."""

    parts: dict[str, str | None] = field(default_factory=dict)
    persons: list[str] = field(default_factory=list)
    is_open: bool = False
    is_cut: bool = False
    is_prose: bool = False

    def add(self, name, part):
        self.parts[name] = self.parts.get(name) or part
        self.is_prose = self.is_prose or len(name) > LONGEST_NAME


def inside_brackets(text):
    """The positions that stand between an opening bracket and its own closing one."""
    stack, waiting, found = [], Counter(), []
    for place, mark in enumerate(text):
        if mark in OPENERS:
            stack.append(place)
            waiting[mark] += 1
        elif waiting[PAIRS.get(mark)]:
            while text[stack[-1]] != PAIRS[mark]:  # what was opened in between is never closed
                waiting[text[stack.pop()]] -= 1
            waiting[PAIRS[mark]] -= 1
            found.append((stack.pop(), place + 1))
    inside, end = set(), 0
    for start, stop in sorted(found):  # brackets within brackets are counted once, however deep they are
        inside.update(range(max(start, end), stop))
        end = max(end, stop)
    return inside


def pieces(text):
    """[(separators before, piece)]: the text cut at 、 , ; 。 and white space outside brackets, nothing else lost.

    A last entry with an empty piece holds the separators at the end.
    """
    plain = folded(text)
    inside = inside_brackets(plain) if any(mark in plain for mark in OPENERS) else ()
    found, before, piece = [], "", ""
    for place, mark in enumerate(plain):
        if (mark in SEPARATORS or mark.isspace()) and place not in inside:
            if piece:
                found.append((before, piece))
                before, piece = "", ""
            before += text[place]
        else:
            piece += text[place]
    return [*found, (before, piece)]


def whole_names(text):
    """The pieces of a cell; what white space tore apart inside a name is put together again."""
    names, upright = [], []
    for before, piece in [(b, p) for b, p in pieces(text) if p]:
        torn = bool(names) and not before.strip()
        if torn and (folded(piece[0]) in OPENERS or JOINS_NEXT.search(names[-1])):
            names[-1] += piece
        elif names and before.strip() == "、" and goes_on(names[-1], piece):
            names[-1] += f"、{piece}"
        else:
            upright.append(len(names)) if torn and ONE_CJK.fullmatch(piece) else None
            names.append(piece)
    return joined_upright(names, set(upright))


def goes_on(name, piece):
    """Whether the two are one group: 各县(市)、区."""
    is_short = len(name) <= LONGEST_GROUP and len(piece) <= LONGEST_GROUP
    return is_short and bool(GROUP_BEGUN.fullmatch(folded(name)) and GROUP_GOES_ON.fullmatch(folded(piece)))


def joined_upright(names, torn):
    """One character alone is no unit: "教 育 局" is one name, and so is "市委宣传" + "部" of two lines."""
    joined, place = [], 0
    while place < len(names):
        end = place + 1
        while end in torn:
            end += 1
        single = [*names[place:end]]
        if len(single) > 1 and single[-1] in NAME_END:
            if len(single) > 2 and len(single[0]) > 1:
                joined.append(single.pop(0))
            single = ["".join(single)]
        joined += single
        place = end
    return joined


def taken_apart(text):
    """The text with a 、 wherever a part or a list number begins something new; the numbers are left out."""
    plain = folded(text)
    found = list(GLUED.finditer(plain))
    if not found:
        return text
    inside = inside_brackets(plain)
    announces = bool(re.match(RINGED, plain))  # "(牵头)甲局(配合)乙局": the word stands before its units
    taken, place = "", 0
    for mark in found:
        start, end = mark.start(), mark.end()
        if start in inside and plain[start] not in OPENERS:
            continue
        words = "" if mark["number"] else text[start:end]
        taken += text[place:start] + (f"{words}、" if mark["ringed"] and not announces else f"、{words}")
        place = end
    return taken + text[place:]


def split_units(text, *, with_persons=False):
    """Read a cell of unit names. `with_persons`: the column holds persons beside the units."""
    cell = UnitCell()
    text = taken_apart(INVISIBLE.sub("", text)).strip()
    if text.endswith(CUT_OFF):
        cell.is_cut = True
        text = text.rstrip("….。 ")
    names = whole_names(text.strip())
    leads_the_names = bool(names) and names[0] in ROLE_WORDS
    said, part, unmarked = [], None, 0
    for name in names:
        name, part, own = marked(name, part, leads_the_names=leads_the_names)
        if own and own[1]:
            give_back(said, unmarked, own[0])
        if name:
            said.append([name, own[0] if own else part])
        if own or part:
            unmarked = len(said)
    for name, given in said:
        add_name(cell, name, given, with_persons=with_persons)
    return cell


def marked(name, part, *, leads_the_names):
    """(bare name, part that holds from here on, (own part, does it count for the names before)) of one piece."""
    if name in ROLE_WORDS:
        return ("", ROLE_WORDS[name], None) if leads_the_names else ("", part, (ROLE_WORDS[name], True))
    found = PREFIX.match(folded(name))
    if found:
        role = ROLE_WORDS[found["ringed"] or found["named"] or found["bodied"]]
        name = name[found.end() :]
        if found["ringed"] and name and role == LEAD:
            return name, part, (role, False)
        part = role
    if name.startswith("由") and SUFFIX.search(name):
        name = name[1:]
    note = NOTE.search(folded(name))
    if note and note.start():
        return name[: note.start()].strip(), part, (ROLE_WORDS[note["role"]], False)
    suffix = SUFFIX.search(folded(name))
    if suffix and not found:
        return name[: suffix.start()], part, (ROLE_WORDS[suffix["role"]], True)
    return name, part, None


def give_back(said, unmarked, part):
    """ "A、B、C配合": the word counts for the names before it too, but somebody is left to do the work."""
    start = max(unmarked, 1) if part == SUPPORTING else unmarked
    for entry in said[start:]:
        entry[1] = entry[1] or part


def add_name(cell, name, part, *, with_persons):
    name = name.strip(STRAY).rstrip(UNCLOSED)
    end = OPEN_END.search(name)
    if end:
        cell.is_open = True
        name = name[: end.start()]
    names = OPEN_MIDDLE.split(name, maxsplit=1)
    cell.is_open = cell.is_open or len(names) > 1
    for each in names:
        if with_persons:
            each = without_person(cell, each)
        if each.strip() not in NOTHING and not (cell.is_open and each.strip() in OTHERS):
            cell.add(each.strip(), part)


def without_person(cell, name):
    """The unit without the person named after it or in brackets; "" when the piece is a person."""
    found = PERSON_NOTE.fullmatch(folded(name))
    if found and is_person(found["person"]):
        cell.persons.append(found["person"])
        return name[: found.end("unit")]
    if is_person(name):
        cell.persons.append(name)
        return ""
    return name


def is_person(text):
    return 2 <= len(text) <= 3 and text[0] in SURNAMES and text[-1] not in NAME_END and text.isalpha()


def split_persons(text):
    """The persons of a cell; "张 三" is one."""
    text = re.sub(r"(?<![㐀-鿿])([㐀-鿿])[  ]+([㐀-鿿])(?![㐀-鿿])", r"\1\2", text)
    return [piece for _before, piece in pieces(text) if piece not in NOTHING]


@dataclass
class Shares:
    """Who does what in one task; a unit has one part only, the strongest it is named with."""

    lead: list[str] = field(default_factory=list)
    responsible: list[str] = field(default_factory=list)
    supporting: list[str] = field(default_factory=list)

    def names(self):
        return [*self.lead, *self.responsible, *self.supporting]


def share_out(said):
    """The shares from [(part of the column, part of the rest, UnitCell)]; if nothing says who leads, the first does."""
    parts = {LEAD: [], RESPONSIBLE: [], SUPPORTING: []}
    for column_part, rest, cell in said:
        for place, (name, part) in enumerate(cell.parts.items()):
            parts[part or (rest if rest and place else column_part)].append(name)
    if not parts[LEAD]:
        parts[LEAD] = parts[RESPONSIBLE][:1]
    shares, seen = Shares(), set()
    for part, names in parts.items():
        kept = [name for name in dict.fromkeys(names) if name not in seen]
        seen.update(kept)
        setattr(shares, part, kept)
    return shares
