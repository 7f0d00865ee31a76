"""How controls are drawn: by Django's templates, but for selects."""

from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.safestring import SafeString

from units.markup import text

SELECT = "django/forms/widgets/select.html"


class Renderer(TemplatesSetting):
    """A select of all units has hundreds of options. Its templates would take longer than all the rest of a page."""

    def render(self, template_name, context, request=None):
        if template_name == SELECT:
            return select(context["widget"])
        return super().render(template_name, context, request)


def select(widget):
    groups = "".join(group(label, options) for label, options, _index in widget["optgroups"])
    return SafeString(f'<select name="{text(widget["name"])}"{flatatt(widget["attrs"])}>{groups}</select>')


def group(label, options):
    drawn = "".join(map(option, options))
    return f'<optgroup label="{text(label)}">{drawn}</optgroup>' if label else drawn


def option(shown):
    attrs = flatatt(shown["attrs"]) if shown["attrs"] else ""
    return f'<option value="{text(shown["value"])}"{attrs}>{text(shown["label"])}</option>'
