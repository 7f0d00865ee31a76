"""Two people change one row: the second sees what the first has saved, and nobody's words are lost."""

import hashlib
import json

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from units.filters import spoken
from units.markup import listed
from units.workflow import NotInThisState


class VersionedForm(forms.ModelForm):
    """The form of a row that others may change too.

    `seen` says in which version the row was shown. When the form is sent, the row is locked and read anew, so the
    view needs a transaction around it. A field that another has changed meanwhile is not valid: what was typed stays
    in it, what stands there now is written next to it, and saved once more it is meant. The same words from both are
    no conflict. Without `seen` nothing is compared: a form of ours always sends it. `NotInThisState` when the row was
    deleted meanwhile.
    """

    # Kept with the unsaved words over a reload: they were written on top of that version.
    seen = forms.CharField(widget=forms.HiddenInput({"data-kept": ""}), required=False)

    def __init__(self, data=None, *args, instance=None, **options):
        if data is not None and instance is not None and instance.pk:
            self.read_anew(instance)
        super().__init__(data, *args, instance=instance, **options)
        if self.instance.pk:
            # Asked for when it is drawn: a subclass may still say more about what stands in its fields.
            self.initial["seen"] = self.version
        else:
            del self.fields["seen"]

    @staticmethod
    def read_anew(row):
        """Lock it and read it as it stands now."""
        try:
            row.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update(of=("self",)))
        except ObjectDoesNotExist as gone:
            raise NotInThisState("the row was deleted meanwhile") from gone

    def version(self):
        """A few letters for each field, in their order: others as soon as something else stands in it."""
        return " ".join(self.mark(name) for name in self.compared())

    def compared(self):
        return [name for name in self.fields if name != "seen"]

    def mark(self, name):
        field = self.fields[name]
        value = field.prepare_value(self.get_initial_for_field(field, name))
        plain = sorted(map(str, value)) if isinstance(value, list) else str(value)
        return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:10]

    def clean(self):
        data = super().clean()
        seen, now = data.get("seen"), self.version()
        if seen and seen != now:
            self.tell(self.moved(seen.split(), now.split()))
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = now
        return data

    def moved(self, seen, now):
        """The fields in which something else stands than was shown and than was typed."""
        names = self.compared()
        known = seen if len(seen) == len(now) else [None] * len(now)
        others = {name for name, before, after in zip(names, known, now, strict=True) if before != after}
        return [name for name in self.changed_data if name in others]

    def tell(self, names):
        words = _("Somebody else has saved meanwhile: “%(now)s”. Take it over, or save once more to keep yours.")
        for name in names:
            self.add_error(name, words % {"now": self.standing(name)})

    def standing(self, name):
        """What stands in the row now, as a person says it."""
        field = self.fields[name]
        value = self.get_initial_for_field(field, name)
        if isinstance(field, forms.BooleanField):
            return _("yes") if value else _("no")
        if isinstance(field, forms.ModelChoiceField):
            keys = field.prepare_value(value)
            rows = field.queryset.model._base_manager.filter(pk__in=keys if isinstance(keys, list) else [keys])
            return listed(rows) or _("empty")
        return spoken(field, field.prepare_value(value)) or _("empty")
