"""The file of a thing on a page of another floor, which knows nothing of files."""

from django import template

from reports.views.papers import file_facts

register = template.Library()


@register.inclusion_tag("reports/_paper.html", takes_context=True)
def paper(context, thing, door):
    """See `file_facts`."""
    return {**file_facts(thing, door), "csrf_token": context.get("csrf_token")}
