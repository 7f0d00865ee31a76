"""The file of a thing on a page of another floor, which knows nothing of files."""

from django import template

register = template.Library()


@register.inclusion_tag("reports/_paper.html", takes_context=True)
def paper(context, thing, door, *, reads=True):
    """Where its file is, or how far; `door` is how the names of its addresses begin. One query."""
    job = thing.jobs.of_now(thing)
    return {"thing": thing, "door": door, "job": job, "reads": reads, "csrf_token": context.get("csrf_token")}
