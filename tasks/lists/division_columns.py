"""The columns of the pages on which tasks are divided."""

from django.utils.translation import gettext_lazy as _

from tasks.lists import division_markup as markup
from units.lists import Column

UNIT_ROWS = [
    Column("named", _("Unit"), draw=markup.unit_name_cell, link=True),
    Column("part", _("Part"), draw=markup.row_field("part")),
    Column("share", _("Share in percent"), draw=markup.row_field("share")),
    Column("deadline", _("Own deadline"), draw=markup.row_field("deadline")),
    Column("quantity", _("Quantity and its unit"), draw=markup.row_field("quantity", "quantity_unit")),
    Column("requirement", _("Own requirement"), draw=markup.row_field("requirement")),
    Column("gone", _("Take out"), draw=markup.row_field("gone")),
]

PLAN = [
    Column("pk", _("Do it"), draw=markup.plan_box_cell),
    Column("task", _("Task"), draw=markup.plan_task_cell, link=True),
    Column("changes", _("What would change"), draw=markup.plan_cell),
]

PROPOSED = [Column("pk", _("Do it"), draw=markup.proposal_of_task_cell), *PLAN[1:]]

RULES = [
    Column("words", _("Code or words"), sort="words", link=True),
    Column("get_part_display", _("Part"), sort="part"),
    Column("units", _("Units"), draw=markup.rule_units_cell),
    Column("unit", _("Kept by"), sort="unit__path", phone=False),
]

PROPOSALS = [
    Column("pk", _("Keep it"), draw=markup.proposal_box_cell),
    Column("words", _("Code or words"), draw=markup.proposal_words_cell, link=True),
    Column("get_part_display", _("Part")),
    Column("units", _("Units"), draw=markup.rule_units_cell),
    Column("fits", _("Tasks of the ledger that say so"), draw=markup.proposal_fits_cell),
]
