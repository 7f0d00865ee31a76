"""The words that head the columns of a ledger, and what each column then holds."""

import re
from dataclasses import dataclass
from functools import lru_cache

from tasks.reading.cell_text import folded
from tasks.reading.unit_cells import LEAD, RESPONSIBLE, ROLE_WORDS, ROLES, SUPPORTING

NUMBER, TITLE, PATH, REQUIREMENT, MATERIAL = "number", "title", "path", "requirement", "material"
METHOD, UNIT, PERSON, DEADLINE, OTHER = "method", "unit", "person", "deadline", "other"
LONGEST = 24

# Words that head the task itself, the best first; a table's title column is the one with the highest mark.
TITLES = {
    110: "任务名称|目标任务名称|工作任务名称|title|task name",
    100: (
        "工作任务|目标任务|责任目标|创建任务|整治任务|整改任务|任务内容|任务分解|目标任务分解|重点工作任务|主要工作任务"
        "|工作任务分解|年度任务|任务|任务项|任务清单|工作任务内容|创建工作任务|主要目标任务|重点目标任务"
        "|level3_or_task|task|tasks"
    ),
    95: "具体任务|具体工作任务|任务描述",
    90: "主要任务|重点任务|重点工作|工作事项|重点事项|事项|主要工作|责任事项|工作要点|督办事项|重点工作内容",
    85: "测评内容|考核内容|考评内容|责任内容|创建内容|整改内容|检查内容|评估内容|三级指标",
    80: "工作内容|具体工作|项目内容|内容",
    75: "主要内容|具体内容|存在问题|问题|问题描述|整改问题|主要问题",
    65: "测评标准|考评标准|考核标准|评价标准",
    60: "测评指标|指标名称|指标|指标内容|考核指标|二级指标",
    55: "工作措施|具体措施|主要措施|工作举措|具体举措|措施|举措|整改措施|工作目标|主要目标|目标|年度目标",
    50: "项目|项目名称|名称|工作项目|条目",
    45: (
        "标准|具体要求|工作要求|要求|任务要求|目标要求|工作标准|达标标准|创建标准|完成标准|考核要求|测评要求|整改要求"
        "|具体标准|standard|requirement"
    ),
    40: "测评项目|考核项目|考评项目",
}
# Which of them never tell what to do but where it belongs, and which never where it belongs but how well.
ALWAYS_PATH = re.compile(r".*(?:项目|指标|类别|指标名称)|事项类别")
ALWAYS_REQUIREMENT = re.compile(r".*(?:标准|要求|措施|举措)|standard|requirement|任务描述")
DUTY = "责任|牵头|分管|包保|包联|联系|主管|挂钩|主要|市|区|县|承办|配合|单位|部门"
WORDS = [
    (NUMBER, r"序号|编号|序|号|项次|条目号|任务编号|任务序号|指标编号|代码|编码|no\.?|#|number"),
    (PATH, "测评类别|类别|大类|小类|一级指标|板块|方面|分类|领域|任务类别|工作类别|类型|level1|level2|一级|二级|三级"),
    (METHOD, "(?:测评|考评|考核|检查|评价|评估|督查|审核|验收)(?:方法|方式|办法|手段)|方法|方式|methods?"),
    (MATERIAL, "材料|材料(?:要求|清单|名称)|(?:待审|佐证|所需|提供|报送|支撑|申报)材料|material_or_form|materials?"),
    (DEADLINE, "(?:完成|整改|办结|达标|截止|办理|落实|工作|任务)?(?:时限|时间|期限|日期)(?:要求|节点|安排|进度)?"),
    (DEADLINE, "进度要求|进度安排|deadline|deadline_raw|due"),
    (PERSON, rf"(?:.{{0,6}}(?:{DUTY}))?(?:责任人|负责人|领导|联系人|联络员|负责同志|责任领导)"),
    (PERSON, ".{0,6}(?:责任人|分管领导|责任领导|联络员|分管.{0,3}领导)|姓名|经办人|人员"),
    (OTHER, "备注|note|notes|source|来源|分值|得分|权重|分数|附件|联系电话|电话|联系方式|职务|手机|状态|目前进展"),
    (OTHER, "(?:落实|工作|任务|整改)?(?:进展|完成|落实|进度|整改|开展)情况|落实进展情况"),
    (OTHER, "(?:启动|开始|起始|交办|下发|填报)(?:时间|日期)"),
]
BODIES = "单位|部门|科室|主体|方|区县|县区|街道|镇街|乡镇|社区"
ONE_ROLE = rf"(?:总|主要|具体|主体|直接|属地)?(?:{ROLES}|执行|完成|办理|承担|包保|包联|成员)"
UNIT_HEADING = re.compile(
    rf"(?P<roles>{ONE_ROLE}(?:(?:[、及和与/,]|以及)?{ONE_ROLE})*)(?P<body>(?:{BODIES}))(?:名称)?\d?"
)
ENGLISH_UNITS = {
    "lead": LEAD, "lead unit": LEAD, "lead_unit_raw": LEAD,
    "responsible": RESPONSIBLE, "responsible unit": RESPONSIBLE, "responsible units": RESPONSIBLE,
    "responsible_units_raw": RESPONSIBLE, "supporting": SUPPORTING, "supporting units": SUPPORTING,
}  # fmt: skip
PLAIN_UNITS = re.compile(
    r"责任分工|责任划分|责任分解|责任落实|任务分工|职责分工|分工|单位|部门|单位名称|部门名称|责任主体|责任者|units?|科室"
)
BARE_ROLE = re.compile(rf"(?:{ROLES})")
UNIT_AND_PERSON = re.compile(rf"(?P<unit>.*(?:{BODIES}))[及和与、/,]+.{{0,4}}(?:责任人|负责人|领导|联系人|联络员)")
PERSON_BESIDE = re.compile(r"[(、,/].{0,4}(?:责任人|负责人|联系人)")
LENIENT = [
    (TITLE, 70, r".{1,8}(?:任务|事项|内容|工作|要点|条目|问题|清单)"),
    (TITLE, 44, r".{1,6}(?:标准|要求|目标|措施|举措)"),
    (PATH, 0, r".{1,6}(?:项目|指标|类别|分类|方面)"),
    (PERSON, 0, r".{1,8}(?:责任人|负责人|领导|联系人)"),
    (UNIT, 0, r".{1,8}(?:单位|部门)"),
    (DEADLINE, 0, r".{1,6}(?:时限|期限)"),
    (MATERIAL, 0, r".{1,6}材料"),
    (OTHER, 0, r".{1,8}(?:情况|说明|进展)"),
]
EXACT = [(role, re.compile(words)) for role, words in WORDS]
LENIENT = [(role, mark, re.compile(words)) for role, mark, words in LENIENT]
MARKS = {word: mark for mark, words in TITLES.items() for word in words.split("|")}
BRACKETS = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]?")


@dataclass(frozen=True, slots=True)
class Heading:
    """What one heading means: the role of its column, how well it names the task, the part of the units below it."""

    role: str
    mark: int = 0
    part: str = ""
    rest: str | None = None
    with_persons: bool = False
    is_sure: bool = True
    word: str = ""


def plain(text):
    """A heading without the line breaks and spaces that spread it, and without its bracketed note."""
    return "".join(folded(text).split()).lower()


@lru_cache(maxsize=4096)
def heading(text):
    """The Heading of a cell's text, or None where it heads nothing."""
    if len(text) > 3 * LONGEST:
        return None
    squeezed = plain(text)
    word = BRACKETS.sub("", squeezed).strip(":.。*") or squeezed.strip("()")
    if not word or len(word) > LONGEST:
        return None
    return exact(word, squeezed) or exact(" ".join(text.lower().split()), squeezed) or lenient(word)


def exact(word, squeezed):
    both = UNIT_AND_PERSON.fullmatch(word)
    if both:
        return unit_heading(both["unit"], with_persons=True)
    for role, words in EXACT:
        if words.fullmatch(word):
            return Heading(role, word=word)
    if word in MARKS:
        return Heading(TITLE, mark=MARKS[word], word=word)
    return unit_heading(word, with_persons=bool(PERSON_BESIDE.search(squeezed)))


def unit_heading(word, *, with_persons):
    if word in ENGLISH_UNITS:
        return Heading(UNIT, part=ENGLISH_UNITS[word], word=word)
    if PLAIN_UNITS.fullmatch(word):
        return Heading(UNIT, part=RESPONSIBLE, with_persons=with_persons, word=word)
    found = UNIT_HEADING.fullmatch(word) or BARE_ROLE.fullmatch(word)
    if not found:
        return None
    parts = list(
        dict.fromkeys(
            ROLE_WORDS.get(role, RESPONSIBLE) for role in re.findall(rf"牵头责任|责任牵头|主要责任|{ROLES}", word)
        )
    ) or [RESPONSIBLE]
    if word.startswith("主要责任"):
        parts = [LEAD]
    return Heading(UNIT, part=parts[0], rest=parts[1] if len(parts) > 1 else None, with_persons=with_persons, word=word)


def lenient(word):
    for role, mark, words in LENIENT:
        if words.fullmatch(word):
            return Heading(role, mark=mark, part=RESPONSIBLE if role == UNIT else "", is_sure=False, word=word)
    return None


def under_group(group, below):
    """The Heading of a column whose heading takes two rows: 牵头部门 over 部门 and 责任人."""
    top, sub = heading(group), heading(below)
    if top is None or sub is None:
        return sub or top
    if top.role == UNIT and (PLAIN_UNITS.fullmatch(sub.word) or sub.word == "名称"):
        return top
    if sub.role == PATH and sub.word in ("一级", "二级", "三级") and top.role in (TITLE, PATH):
        return Heading(PATH, word=sub.word)
    return sub
