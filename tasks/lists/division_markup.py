"""Cells of the pages on which tasks are divided: rows of units in a form, plans for many tasks, rules of duty."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tasks.forms.division import told
from tasks.lists.markup import TITLE
from units.markup import NOTHING, listed, row_link, short, text
from units.templatetags.badges import badge, icon
from units.templatetags.form_rows import control

ALONE = 2  # the depth down to which the name of a unit says enough
BOX = (
    '<label class="tick"><input type="checkbox" class="form-check-input" name="selected" value="{}" checked>{}</label>'
)
SEEN = '<input type="hidden" name="seen" value="{}:{}">'


def unit_name_cell(row):
    """The unit of the row with the one above it, whether it still exists, and what is to be said about the row."""
    ended = "" if row.named is None or row.named.is_current else f" {badge('inactive', _('ended'))}"
    above = row.named.parent if row.named and row.named.depth > ALONE else ""  # many units have an 办公室 each
    small = "".join(f'<small class="muted">{text(words)}</small>' for words in (above, row.note) if words)
    errors = "".join(error(words) for words in row.non_field_errors()) if row.is_bound else ""
    return SafeString(f"<div>{row['unit']}<strong>{text(row.named or NOTHING)}</strong>{ended}{small}{errors}</div>")


def error(words):
    return f'<p class="form-error">{icon("alert-circle")}<span>{text(words)}</span></p>'


def row_field(*names):
    """The cell with these fields of a row's form, each with what is wrong with it."""

    def draw(row):
        drawn = "".join(f"{control(row[name])}{''.join(map(error, row[name].errors))}" for name in names)
        return SafeString(f'<div class="row-field row-field-{names[0]}">{drawn}</div>')

    return draw


def plan_box_cell(row):
    """Ticked where something is to be done; what is refused has no box."""
    if row.refused:
        return badge("fail", _("cannot be done"))
    if row.is_idle:
        return badge("not_started", _("nothing to do"))
    words = f'<span class="visually-hidden">{text(short(row.task.title, TITLE))}</span>'
    return SafeString(BOX.format(row.pk, words) + SEEN.format(row.pk, row.version))


def proposal_of_task_cell(row):
    """The same for what the rules of duty propose."""
    return badge("not_started", _("no rule fits")) if row.is_idle else plan_box_cell(row)


def plan_task_cell(row):
    number = f"{text(row.task.number)} " if row.task.number else ""
    return SafeString(f"<div>{number}{row_link(row.task, short(row.task.title, TITLE))}</div>")


def plan_cell(row):
    """What would change, line by line, or why it is refused."""
    if row.refused:
        return SafeString("".join(map(error, row.refused)))
    lines = [word_line(row.task, name, value) for name, value in row.words.items()] + list(map(unit_line, row.changes))
    return (
        SafeString(f'<ul class="problems">{"".join(f"<li>{line}</li>" for line in lines)}</ul>') if lines else NOTHING
    )


def word_line(task, name, value):
    if name == "is_key":
        return text(_("key task") if value else _("no key task any more"))
    days = [f"{day:%Y-%m-%d}" if day else NOTHING for day in (task.deadline, value)]
    return text(_("deadline: %(before)s → %(after)s") % {"before": days[0], "after": days[1]})


def unit_line(change):
    names = {"unit": change.unit, "before": told(change.before), "after": told(change.after)}
    if change.before is None:
        return text(_("new: %(unit)s (%(after)s)") % names)
    if change.after is None:
        return text(_("taken out: %(unit)s (%(before)s)") % names)
    return text(_("%(unit)s: %(before)s → %(after)s") % names)


def rule_units_cell(rule):
    """The units that are meant: named, or all of a kind."""
    named = rule.units if isinstance(rule.units, list) else list(rule.units.all())
    if named:
        return listed(named)
    return _("all units of the kind %(kind)s") % {"kind": rule.kind} if rule.kind else NOTHING


def proposal_box_cell(one):
    return SafeString(BOX.format(one.pk, f'<span class="visually-hidden">{text(one.words)}</span>'))


def proposal_words_cell(one):
    return SafeString(f"<strong>{text(one.words)}</strong>")


def proposal_fits_cell(one):
    return _("%(n)s of %(all)s") % {"n": one.fits, "all": one.tasks}
