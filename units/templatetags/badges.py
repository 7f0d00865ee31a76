"""Icons and badges: written hundreds of times a page, so put together here and not in templates.

Part of the library `components`; pages load that one.
"""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from units.columns import display
from units.looks import WORDS, look
from units.markup import text
from units.working_time import words_left

register = template.Library()


@lru_cache
def icon_markup(name):
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("vendor/tabler-icons/sprite.svg"),
        name,
    )


@register.simple_tag
def icon(name, label=""):
    """An icon of the sprite; readers of the screen hear `label`, or nothing."""
    if not label:
        return icon_markup(name)
    return format_html('{}<span class="visually-hidden">{}</span>', icon_markup(name), label)


@register.simple_tag
def badge(state, label=None):
    """Icon, word and colour of a state value."""
    tone, name = look(state)
    words = label if label is not None else WORDS.get(str(state), state)
    return SafeString(f'<span class="state state-{tone}">{icon_markup(name)}{text(words)}</span>')


@register.simple_tag
def state_badge(row, name="state"):
    """Icon, word and colour of the state of a row."""
    return badge(getattr(row, name), display(row, name))


@register.simple_tag
def light(value, due, days_left):
    """The warning light of a deadline: icon, colour and days left, the date on hover and on paper.

    Without a light (handed in, completed) the date alone; nothing without a deadline.
    """
    if due is None:
        return ""
    day = f"{due:%Y-%m-%d}"
    if not value:
        return SafeString(f'<time datetime="{day}" class="nowrap">{day}</time>')
    tone, name = look(value)
    return SafeString(
        f'<time datetime="{day}" title="{day}" class="state state-{tone}">{icon_markup(name)}'
        f'{text(words_left(days_left))}<span class="due-date">{day}</span></time>'
    )
