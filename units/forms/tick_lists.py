"""Many of a long list: boxes to tick in a frame that scrolls, with a typed search where there is a script."""

from django import forms
from django.utils.safestring import SafeString

from units.markup import text

INDENT = "　"
BOX = (
    '<label for="{id}"><input type="checkbox" name="{name}" value="{value}" id="{id}"{ticked}>'
    "<span>{words}</span></label>"
)


class TickList(forms.CheckboxSelectMultiple):
    """What is ticked stands first, so that it is seen without scrolling. Drawn here: a list has hundreds of boxes."""

    def render(self, name, value, attrs=None, renderer=None):
        wanted = {str(one) for one in value or ()}
        frame = text((attrs or {}).get("id", f"id_{name}"))
        options = [(str(key), label) for key, label in self.choices]
        first = [(key, str(label).lstrip(INDENT), " checked") for key, label in options if key in wanted]
        rest = [(key, label, "") for key, label in options if key not in wanted]
        boxes = "".join(
            BOX.format(id=f"{frame}_{n}", name=text(name), value=text(key), ticked=ticked, words=text(label))
            for n, (key, label, ticked) in enumerate([*first, *rest])
        )
        return SafeString(
            f'<div class="checklist" data-checklist>'
            f'<div class="checklist-items choices" id="{frame}" tabindex="-1">{boxes}</div></div>'
        )
