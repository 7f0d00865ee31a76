"""How people are shown in their list and on their page."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from units.columns import display
from units.markup import muted, text
from units.templatetags.badges import badge

register = template.Library()


def roles_cell(person):
    """The roles that are held, one a line."""
    if not person.held:
        return muted(_("no role at present"))
    lines = [f'<span class="nowrap">{text(display(one, "role"))} · {text(one.unit)}</span>' for one in person.held]
    return SafeString(f"<div>{'<br>'.join(lines)}</div>")


@register.simple_tag
def account_state(person):
    """How the account stands."""
    if not person.is_active:
        return badge("inactive", pgettext("account", "closed"))
    if person.invitation_has_run_out:
        return badge("overdue", _("invitation has run out"))
    if person.must_change_password:
        return badge("submitted", _("invited"))
    return badge("active", pgettext("account", "open"))
