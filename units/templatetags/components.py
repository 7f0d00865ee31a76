"""The components of docs/components.md as template tags; their markup lies in templates/components/."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from units.columns import read
from units.looks import ASIDE, STEPS
from units.markup import text
from units.templatetags import badges, form_rows, table_cells
from units.working_time import words_left

register = template.Library()
for library in (badges, form_rows, table_cells):
    register.tags.update(library.register.tags)
    register.filters.update(library.register.filters)


@register.simple_tag(takes_context=True)
def repeat_block(context, name):
    """What the page put into the block `name`, once more: the title is written once."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return block.render(context) if block else ""


@register.simple_tag
def deadline(due, days_left=None):
    """What is left, in working days, with the date; without `days_left` the date alone."""
    if due is None:
        return format_html('<span class="muted">{}</span>', _("no deadline"))
    day = f"{timezone.localtime(due) if isinstance(due, datetime) else due:%Y-%m-%d}"
    if days_left is None:
        return SafeString(f'<time datetime="{day}" class="nowrap">{day}</time>')
    tone = "red" if days_left < 0 else "amber" if days_left <= 2 else "grey"
    return SafeString(
        f'<time datetime="{day}" title="{day}" class="due due-{tone}">'
        f'{text(words_left(days_left))}<span class="due-date">{day}</span></time>'
    )


@register.inclusion_tag("components/stat.html")
def stat(label, value, url="", hint="", tone=""):
    """A number that opens its rows. Nothing to count is nothing to warn of: 0 has no tone."""
    return {"label": label, "value": value, "url": url, "hint": hint, "tone": "" if value == 0 else tone}


@register.simple_tag
def progress(value, total, label=""):
    """A meter with its figures. Put together here: a list has one in each row."""
    done = " meter-done" if total and value >= total else ""
    words = f'<span class="meter-label">{text(label)}</span>' if label else ""
    named = f' aria-label="{text(label)}"' if label else ""
    return SafeString(
        f'<span class="meter{done}">{words}<progress value="{value}" max="{total}"{named}></progress>'
        f'<span class="num">{value}/{total}</span></span>'
    )


@register.inclusion_tag("components/stacked_bar.html")
def stacked_bar(parts, total):
    """A bar of 100 units: each part is `(label, number)`; negative parts have no width."""
    bars, at = [], Decimal(0)
    for n, (label, number) in enumerate(parts, start=1):
        width = max(Decimal(number or 0), Decimal(0)) * 100 / Decimal(total or 1)
        bars.append(
            {
                "n": n,
                "label": label,
                "number": number,
                "x": f"{at:.2f}",
                "width": f"{width:.2f}",
            }
        )
        at += width
    return {"bars": bars}


@register.simple_tag
def rank_change(n):
    """Places won or lost since the last period; None: the unit is new."""
    if n is None:
        return format_html('<span class="change muted">{}</span>', _("new"))
    if n == 0:
        return format_html('<span class="change muted" title="{}">—</span>', _("unchanged"))
    way, sign, words = ("up", "▲", _("up by")) if n > 0 else ("down", "▼", _("down by"))
    return format_html(
        '<span class="change change-{}"><i aria-hidden="true">{}</i><span class="visually-hidden">{}</span>{}</span>',
        way,
        sign,
        words,
        abs(n),
    )


@register.inclusion_tag("components/empty.html")
def empty(text, url="", label="", icon="inbox"):
    return {"text": text, "url": url, "label": label, "icon": icon}


NOTICES = {
    "info": "info-circle",
    "success": "circle-check",
    "warning": "alert-triangle",
    "danger": "alert-circle",
}


@register.inclusion_tag("components/notice.html")
def notice(tone, text, title="", url="", label=""):
    """A box in the page; `tone` is info, success, warning or danger (also Django's message tags)."""
    tone = {"error": "danger", "debug": "info"}.get(tone, tone)
    shown = {
        "tone": tone if tone in NOTICES else "info",
        "text": text,
        "title": title,
        "url": url,
        "label": label,
    }
    return {**shown, "icon": NOTICES.get(tone, "info-circle")}


@register.inclusion_tag("components/tabs.html")
def tabs(items):
    return {"items": items}


@register.inclusion_tag("components/back_link.html")
def back_link(url, label):
    return {"url": url, "label": label}


@register.inclusion_tag("components/timeline.html")
def timeline(events, empty=""):
    """Entries as dicts, so that an event row, a dict or anything alike may be given."""
    names = ("at", "actor", "note", "changes", "url")
    events = list(events)
    entries = [{name: optional(event, name) for name in names} for event in events]
    for entry, event in zip(entries, events, strict=True):
        entry["text"] = optional(event, "text") or optional(event, "subject")
        entry["photos"] = fetched(event, "photos")
    return {"entries": entries, "empty": empty}


def optional(row, name):
    return read(row, name) if isinstance(row, Mapping) or hasattr(row, name) else None


def fetched(row, name):
    """The rows behind a relation that the page has prefetched, or a plain list; a timeline never queries per entry."""
    rows = optional(row, name)
    if hasattr(rows, "all"):
        return rows.all() if name in getattr(row, "_prefetched_objects_cache", {}) else []
    return rows


@register.inclusion_tag("components/photo_strip.html")
def photo_strip(photos, label=""):
    return {"photos": photos, "label": label}


@register.inclusion_tag("components/photo_pairs.html")
def photo_pairs(before, after):
    return {"before": before, "after": after}


@register.inclusion_tag("components/step_buttons.html", takes_context=True)
def step_buttons(context, row, prefix, pages="", only=""):
    """The steps that the user may take now; `pages`: those that have a page of their own, `only`: the few to show.

    The `version` of a row that has one is sent along as `seen`: what was read when the step was taken.
    """
    steps, has_primary = [], False
    for name in row.steps_open_to(context["request"].user):
        if only and name not in only.split():
            continue
        step, own_page = row.steps[name], name in pages.split()
        primary = not has_primary and name not in ASIDE
        has_primary = has_primary or primary
        url = reverse(f"{prefix}-{name.replace('_', '-')}", args=[row.pk])
        shown = {
            "name": name,
            "verb": step.verb or name,
            "icon": STEPS.get(name, "arrow-right"),
            "url": url,
        }
        steps.append(
            {
                **shown,
                "page": own_page,
                "reason": step.reason and not own_page,
                "primary": primary,
            }
        )
    return {"steps": steps, "seen": getattr(row, "version", ""), "csrf_token": context.get("csrf_token")}


@register.simple_tag
def url_if_any(name, *args):
    """The address, or nothing where no such page exists."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


# --- lists ---


@register.inclusion_tag("components/listing.html", takes_context=True)
def listing(context, listing):
    return {**context.flatten(), "listing": listing}


@register.inclusion_tag("components/table.html")
def table(rows, columns, empty="", caption=""):
    heads = [(column, "", "none") for column in columns]
    return {"rows": rows, "columns": columns, "heads": heads, "empty_text": empty, "caption": caption}
