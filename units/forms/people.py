"""Forms for accounts: inviting somebody, giving and ending roles."""

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from units.forms.terms import TermDays
from units.forms.tree import UnitField
from units.models import Membership, Unit, User
from units.roles import Role


def units_administered_by(user):
    """The current units in which the person may give roles, in the order of the tree."""
    units = Unit.objects.all() if user.is_superuser else user.units_with_role(Role.ADMIN)
    return units.current().in_tree_order()


class Days(TermDays, forms.Form):
    """From a day until a day."""

    since = forms.DateField(label=_("From"), initial=timezone.localdate)
    until = forms.DateField(label=_("Until"), required=False, help_text=_("empty: until further notice"))


class InviteForm(Days):
    """Somebody new, with the first role."""

    name = forms.CharField(label=_("Full name"), max_length=64)
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("to log in with: letters, digits, Chinese characters; it cannot be changed later"),
    )
    phone = forms.CharField(label=_("Telephone"), max_length=32, required=False)
    unit = UnitField(label=_("Unit"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    field_order = ["name", "username", "phone", "unit", "role", "since", "until"]

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["unit"].queryset = units_administered_by(user)

    def clean_username(self):
        username = User.normalize_username(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("Somebody has this user name already."))
        return username


class RoleForm(Days):
    """One more role for somebody."""

    unit = UnitField(label=_("Unit"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    field_order = ["unit", "role", "since", "until"]

    def __init__(self, *args, user, person, **options):
        super().__init__(*args, **options)
        self.person = person
        self.fields["unit"].queryset = units_administered_by(user)

    def clean(self):
        data = super().clean()
        if data.get("unit") and data.get("since"):
            held = Membership.objects.filter(user=self.person, unit=data["unit"], role=data.get("role"))
            if held.filter(Q(until=None) | Q(until__gte=data["since"])).exists():
                raise ValidationError(_("This role is held there already; change its days instead."))
        return data


class MembershipForm(TermDays, forms.ModelForm):
    """The days of a role."""

    class Meta:
        model = Membership
        fields = ["since", "until"]
        help_texts = {"until": _("the last day that counts; empty: until further notice")}

    def clean(self):
        data = super().clean()
        row = self.instance
        open_ones = Membership.objects.filter(user=row.user_id, unit=row.unit_id, role=row.role, until=None)
        if not self.errors and data["until"] is None and open_ones.exclude(pk=row.pk).exists():
            raise ValidationError(_("This role is held there already; change its days instead."))
        return data
