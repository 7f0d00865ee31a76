"""How a form is laid out: label above, help under, errors next to the field and in a summary with links.

Part of the library `components`; pages load that one.
"""

from django import forms, template
from django.conf import settings
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.utils import flatatt
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from units.markup import listed, text

register = template.Library()
NOTHING = BLANK_CHOICE_DASH[0][1]


def control_class(widget):
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def control(bound):
    """The control itself with the class, keyboard and limits that belong to it."""
    widget = bound.field.widget
    attrs = {"class": f"{control_class(widget)} {widget.attrs.get('class', '')}".strip()}
    if isinstance(bound.field, forms.DecimalField | forms.FloatField):
        attrs["inputmode"] = "decimal"
    elif isinstance(bound.field, forms.IntegerField):
        attrs["inputmode"] = "numeric"
    if isinstance(widget, forms.Select):
        nothing = _("please choose") if bound.field.required else _("none")
        widget.choices = [(value, nothing if label == NOTHING else label) for value, label in widget.choices]
    if isinstance(widget, forms.FileInput):
        attrs["data-max-bytes"] = max_bytes(bound.field)
    if isinstance(bound.field, forms.DateField) and widget.input_type == "text":
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    return bound.as_widget(attrs=attrs)


def max_bytes(field):
    return getattr(field, "max_bytes", settings.UPLOAD_MAX_BYTES)


def file_limits(bound):
    """What may be handed in, said before the choice: types and size of each file."""
    if not isinstance(bound.field.widget, forms.FileInput):
        return None
    accepted = bound.field.widget.attrs.get("accept", "")
    types = [part.strip().rpartition("/")[2].lstrip(".").upper() for part in accepted.split(",") if part.strip()]
    return {"types": listed(kind for kind in types if kind != "*"), "size": filesizeformat(max_bytes(bound.field))}


@register.inclusion_tag("components/field.html")
def field(bound):
    """One form row."""
    widget = bound.field.widget
    shape = "check" if isinstance(widget, forms.CheckboxInput) else "group" if bound.use_fieldset else "plain"
    return {"bound": bound, "shape": shape, "control": control(bound), "limits": file_limits(bound)}


@register.simple_tag
def filter_control(bound):
    """The control of a filter: nothing chosen means all."""
    widget = bound.field.widget
    if type(widget) is forms.Select:
        return filter_select(bound)
    if bound.name == "q":
        widget.input_type = "search"
    return control(bound)


def filter_select(bound):
    """One of a list. Django makes a dict of eleven entries for each option, and a filter has hundreds of units."""
    widget = bound.field.widget
    attrs = {**widget.attrs, "class": "form-select", "id": bound.auto_id}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    now = "" if bound.value() is None else str(bound.value())
    drawn = []
    for value, label in widget.choices:
        value, label = ("", _("all")) if value in {"", None} else (str(value), label)
        chosen = " selected" if value == now else ""
        drawn.append(f'<option value="{text(value)}"{chosen}>{text(label)}</option>')
    return SafeString(f'<select name="{text(bound.html_name)}"{flatatt(attrs)}>{"".join(drawn)}</select>')


@register.inclusion_tag("components/error_summary.html")
def error_summary(form):
    return {"form": form, "problems": [bound for bound in form if bound.errors]}


@register.inclusion_tag("components/form_fields.html")
def form_fields(form):
    return {"form": form}


@register.inclusion_tag("components/form_actions.html")
def form_actions(verb, cancel="", *, danger=False):
    return {"verb": verb, "cancel": cancel, "danger": danger}
