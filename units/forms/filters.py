"""Keeping the filters of a list under a name."""

from django import forms
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from units.filters import essence
from units.models import SavedFilter
from units.models.saved_filters import MOST


def is_page(path):
    """Whether `path` leads to a page of this site."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


class FilterForm(forms.ModelForm):
    """The name, and for an office whether all who see the list see it too."""

    shared = forms.BooleanField(
        label=_("Show it to everybody who sees this list"),
        help_text=_("to the people of all units below the office"),
        required=False,
    )

    class Meta:
        model = SavedFilter
        fields = ["name"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.office = user, user.office_unit
        if self.office is None:
            del self.fields["shared"]
        else:
            self.fields["shared"].initial = self.instance.shared_by_id is not None

    def clean_name(self):
        name = self.cleaned_data["name"]
        twins = SavedFilter.objects.filter(user=self.instance.user, page=self.instance.page, name=name)
        if twins.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("You have a filter of this name at this list already."))
        return name

    def save(self, commit=True):  # noqa: FBT002 Django's own signature
        self.instance.shared_by = self.office if self.cleaned_data.get("shared") else None
        return super().save(commit)


class NewFilterForm(FilterForm):
    """The same for a list as it stands: `page` is its path, `query` what it is asked."""

    class Meta(FilterForm.Meta):
        fields = ["page", "query", "name"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, instance=SavedFilter(user=user), user=user, **kwargs)
        for name in ("page", "query"):
            self.fields[name].widget = forms.HiddenInput()

    def clean_page(self):
        page = self.cleaned_data["page"]
        if not is_page(page):
            raise forms.ValidationError(_("There is no such list."))
        self.instance.page = page
        return page

    def clean_query(self):
        asked = essence(QueryDict(self.cleaned_data["query"]))
        if not asked:
            raise forms.ValidationError(_("Nothing is filtered or sorted here yet."))
        return asked

    def clean(self):
        data = super().clean()
        if self.user.saved_filters.filter(page=data.get("page", "")).count() >= MOST:
            raise forms.ValidationError(
                _("You keep %(n)s filters at this list already: delete one first.") % {"n": MOST}
            )
        return data
