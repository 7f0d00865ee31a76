"""What people ask of many tasks at once, and the rules of duty."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks.bulk import ADD, REPLACE, TAKE_OUT, Wish
from tasks.forms.parts import UnitsPicked
from tasks.models import Assignment, DutyRule
from units.forms.days import DayField
from units.forms.versions import VersionedForm
from units.markup import listed
from units.models import Unit

SET, CLEAR = "set", "clear"
DO = [
    ("", _("leave them as they are")),
    (ADD, _("add these, or give them this part")),
    (REPLACE, _("only these have this part")),
    (TAKE_OUT, _("take these out")),
]


class BulkForm(forms.Form):
    """What becomes of the selected tasks. `wish()` says it in the words of `bulk`."""

    do = forms.ChoiceField(label=_("Units"), choices=DO, required=False)
    part = forms.ChoiceField(label=_("Part"), choices=Assignment.Part, initial="responsible", required=False)
    pick = UnitsPicked()
    deadline_do = forms.ChoiceField(
        label=_("Deadline of the task"),
        choices=[("", _("leave it as it is")), (SET, _("set it to this day:")), (CLEAR, _("none any more"))],
        required=False,
    )
    deadline = DayField(label=_("Day"), required=False)
    key = forms.ChoiceField(
        label=_("Key task"),
        choices=[("", _("leave it as it is")), ("yes", _("mark it")), ("no", _("take the mark off"))],
        required=False,
    )

    def __init__(self, *args, ledger, **kwargs):
        super().__init__(*args, **kwargs)
        # Also those that have ended: they can be taken out.
        had = Assignment.objects.filter(task__ledger=ledger, parent=None).values("unit")
        self.fields["pick"].offer(ledger.units() | Unit.objects.filter(pk__in=had))

    def clean(self):
        cleaned = super().clean()
        do, picked = cleaned.get("do"), cleaned.get("pick")
        if do and not picked and "pick" in cleaned:
            self.add_error("pick", _("Choose the units."))
        if picked and not do:
            self.add_error("do", _("Say what becomes of the units that you have chosen."))
        if do in {ADD, REPLACE} and not cleaned.get("part"):
            self.add_error("part", _("Say which part they have."))
        if do in {ADD, REPLACE} and cleaned.get("part") == Assignment.Part.LEAD and len(picked or []) > 1:
            self.add_error("pick", _("A task has one leading unit: choose one."))
        if cleaned.get("deadline_do") == SET and not cleaned.get("deadline") and "deadline" not in self.errors:
            self.add_error("deadline", _("Say the day."))
        if not (do or picked or cleaned.get("deadline_do") or cleaned.get("key") or self.errors):
            raise ValidationError(_("Say at least one thing that is to change."))
        return cleaned

    def wish(self):
        cleaned, words = self.cleaned_data, {}
        if cleaned["deadline_do"]:
            words["deadline"] = cleaned["deadline"] if cleaned["deadline_do"] == SET else None
        if cleaned["key"]:
            words["is_key"] = cleaned["key"] == "yes"
        return Wish(words, cleaned["do"], tuple(cleaned["pick"]), cleaned["part"])


class RuleForm(VersionedForm):
    """A rule of duty of one office."""

    pick = UnitsPicked(help_text=_("None: all units of the kind."))

    class Meta:
        model = DutyRule
        fields = ["words", "part", "kind"]
        help_texts = {
            "words": _("A code of the standard (Ⅱ-5 means Ⅱ-5-3) too), a kind of place (农贸市场), or other words."),
            "kind": _("Narrows the units; alone it means all units of this kind."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        had = list(self.instance.units.all()) if self.instance.pk else []
        below = self.instance.unit.subtree().current()
        self.fields["pick"].offer(Unit.objects.filter(Q(pk__in=below.values("pk")) | Q(pk__in=[one.pk for one in had])))
        self.initial.setdefault("pick", had)

    def clean(self):
        cleaned = super().clean()
        kind, picked = cleaned.get("kind"), cleaned.get("pick") or []
        if not kind and not picked and not self.errors:
            raise ValidationError(_("Choose units, or a kind of unit."))
        if kind and (others := [str(unit) for unit in picked if unit.kind_id != kind.pk]):
            self.add_error("pick", _("%(units)s: not of this kind.") % {"units": listed(others)})
        if cleaned.get("part") == Assignment.Part.LEAD and len(picked) != 1 and not self.errors:
            self.add_error("pick", _("A task has one leading unit: choose one."))
        twins = DutyRule.objects.filter(unit=self.instance.unit, words=cleaned.get("words"), kind=kind)
        if twins.filter(part=cleaned.get("part")).exclude(pk=self.instance.pk).exists():
            self.add_error("words", _("There is a rule with these words, kind and part already: change that one."))
        return cleaned

    def keep(self):
        rule = self.save()
        rule.units.set(self.cleaned_data["pick"])
        return rule
