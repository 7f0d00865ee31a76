"""People and their accounts: who works where, who is invited, what an administrator may do with an account."""

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from units.forms.people import InviteForm, MembershipForm, RoleForm
from units.history import entries
from units.lists import Column, Listing
from units.models import Membership, User
from units.roles import Role
from units.templatetags.people import account_state, roles_cell
from units.twins import saved
from units.views.pages import allow, form_page

COLUMNS = [
    Column("name", gettext_lazy("Full name"), sort="name", link=True),
    Column("username", gettext_lazy("User name"), sort="username", phone=False),
    Column("held", gettext_lazy("Roles"), draw=roles_cell),
    Column("phone", gettext_lazy("Telephone")),
    Column("last_login", gettext_lazy("Last login"), sort="last_login", kind="datetime", empty_last=True, phone=False),
    Column("is_active", gettext_lazy("Account"), draw=account_state),
]


class PeopleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=gettext_lazy("Name, unit or telephone"), method="named")
    role = django_filters.ChoiceFilter(label=gettext_lazy("Role"), choices=Role.choices, method="holding")
    closed = django_filters.BooleanFilter(
        label=gettext_lazy("Also closed accounts"), method="also_closed", widget=forms.CheckboxInput
    )

    class Meta:
        model = User
        fields = []

    def named(self, rows, _name, words):
        own = Q(name__icontains=words) | Q(username__icontains=words) | Q(phone__contains=words)
        of_unit = Q(unit__name__icontains=words) | Q(unit__short_name__icontains=words)
        held = Membership.objects.visible_to(self.request.user).current().filter(of_unit)
        return rows.filter(own | Q(pk__in=held.values("user_id")))

    def holding(self, rows, _name, role):
        held = Membership.objects.visible_to(self.request.user).current().filter(role=role)
        return rows.filter(pk__in=held.values("user_id"))

    def also_closed(self, rows, _name, wanted):
        return rows if wanted else rows.filter(is_active=True)


@require_GET
def people(request):
    allow(request.user.reads_people())
    held = Membership.objects.visible_to(request.user).current().select_related("unit")
    rows = User.objects.visible_to(request.user).prefetch_related(Prefetch("memberships", held, to_attr="held"))
    listing = Listing(request, rows, PeopleFilter, COLUMNS, default_sort="name", empty=_("Nobody has an account yet."))
    may_invite = request.user.is_superuser or request.user.holds(Role.ADMIN)
    return listing.render("units/people.html", {"may_invite": may_invite})


def visible_person(request, pk):
    """The person, if visible (404) and people may be looked up at all (403)."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    allow(request.user.reads_people() or person == request.user)
    return person


def managed_person(request, pk):
    """The person, if the account lies in the administrator's hands (403); nobody's own does."""
    person = visible_person(request, pk)
    allow(person != request.user and request.user.manages_person(person))
    return person


@require_GET
def person(request, pk):
    row = visible_person(request, pk)
    held = row.memberships.visible_to(request.user).select_related("unit").order_by("-since", "pk")
    mine = [(membership, may_change(request, membership)) for membership in held]
    context = {
        "person": row,
        "held": [pair for pair in mine if pair[0].is_current],
        "past": [pair for pair in mine if not pair[0].is_current],
        "timeline": entries(row, Membership.pgh_event_model.objects.filter(user=row, unit__in=scope(request))),
        "may_manage": row != request.user and request.user.manages_person(row),
        "may_invite": row != request.user and (request.user.is_superuser or request.user.holds(Role.ADMIN)),
    }
    return render(request, "units/person.html", context)


def scope(request):
    return Membership.objects.visible_to(request.user).values("unit_id")


def may_change(request, membership):
    return membership.user_id != request.user.pk and request.user.manages_people_of(membership.unit)


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request):
    """Make an account. Its one-time password stands in the answer and nowhere else: it is shown this once."""
    allow(request.user.is_superuser or request.user.holds(Role.ADMIN))
    form = InviteForm(request.POST or None, user=request.user, initial={"unit": request.GET.get("unit")})
    if form.is_valid() and (made := saved(form, lambda: User.objects.invite(**form.cleaned_data))):
        person, password = made
        return render(request, "units/one_time_password.html", {"person": person, "password": password})
    return form_page(request, form, title=_("Invite somebody"), back="/units/people/", verb=_("Make the account"))


@never_cache
@require_POST
def reset_password(request, pk):
    person = managed_person(request, pk)
    context = {"person": person, "password": person.reset_password()}
    return render(request, "units/one_time_password.html", context)


@require_POST
def deactivate(request, pk):
    person = managed_person(request, pk)
    person.deactivate()
    messages.success(request, _("The account is closed, on every device."))
    return redirect(person)


@require_POST
def reactivate(request, pk):
    person = managed_person(request, pk)
    person.reactivate()
    messages.success(request, _("The account is open again."))
    return redirect(person)


@require_http_methods(["GET", "POST"])
def role_add(request, pk):
    """Give somebody one more role, in a unit of the administrator's own scope."""
    person = visible_person(request, pk)
    allow(person != request.user and (request.user.is_superuser or request.user.holds(Role.ADMIN)))
    form = RoleForm(request.POST or None, user=request.user, person=person)
    if form.is_valid() and saved(form, lambda: person.memberships.create(**form.cleaned_data)):
        messages.success(request, _("The role is given."))
        return redirect(person)
    return form_page(request, form, title=_("Give a role"), back=person.get_absolute_url(), lead=person)


def managed_membership(request, pk):
    memberships = Membership.objects.visible_to(request.user).select_related("unit", "user")
    membership = get_object_or_404(memberships, pk=pk)
    allow(may_change(request, membership))
    return membership


@require_http_methods(["GET", "POST"])
def membership_edit(request, pk):
    membership = managed_membership(request, pk)
    form = MembershipForm(request.POST or None, instance=membership)
    if form.is_valid() and saved(form):
        messages.success(request, _("Saved."))
        return redirect(membership.user)
    back = membership.user.get_absolute_url()
    return form_page(request, form, title=_("Days of the role"), back=back, lead=membership)


@require_POST
def membership_end(request, pk):
    membership = managed_membership(request, pk)
    membership.end()
    messages.success(request, _("The role has ended."))
    return redirect(membership.user)
