"""How a rectification item is shown in lists, on its page and at home."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from units.templatetags.badges import badge
from units.templatetags.components import deadline

register = template.Library()


@register.simple_tag
def item_deadline(item):
    """The deadline of an item that has been reckoned: what is left, and whether it was late once."""
    if item.is_late and item.left == 0:  # late by hours of this very day
        return SafeString(f"<span>{badge('overdue')} {deadline(item.due_at)}</span>")
    parts = [deadline(item.due_at, item.left)]
    if item.overdue_at and not item.is_late:
        parts.append(badge("overdue", _("was late")))
    return SafeString(f"<span>{' '.join(parts)}</span>")
