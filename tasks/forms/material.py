"""What people type when they file material, turned into values of the domain."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.models import Criterion, Material, RequiredPiece
from tasks.models.material import KEEPERS
from units.forms import FilesField
from units.forms.attrs import SEARCH
from units.forms.files import SeveralFiles
from units.forms.tick_lists import TickList
from units.forms.versions import VersionedForm
from units.markup import short

ACCEPTED = ".jpg,.jpeg,.png,.heic,.pdf,.docx,.xlsx,.pptx,.doc,.xls,.txt,.csv"
TEXT = 40


def one_file(**options):
    return FilesField(
        max_files=1, widget=SeveralFiles({"accept": ACCEPTED, "multiple": False}), help_text="", **options
    )


class PlacesField(forms.MultipleChoiceField):
    """Places of the catalogue: a criterion alone, or as one of its required pieces. Cleans to pairs of the two."""

    def __init__(self, **options):
        options.setdefault("label", _("Proves"))
        options.setdefault(
            "help_text", _("All criteria that it proves: it gets a number under each, the file stays one.")
        )
        super().__init__(widget=TickList, **options)

    def offer(self, user):
        """Offer what `user` may file under: two queries."""
        criteria = Criterion.objects.visible_to(user).in_order().select_related("indicator__standard")
        self.pairs = {value: pair for one in criteria.prefetch_related("pieces") for value, pair in places_of(one)}
        several = len({one.indicator.standard_id for one, _piece in self.pairs.values()}) > 1
        self.choices = [(value, words(*pair, names_edition=several)) for value, pair in self.pairs.items()]

    def clean(self, value):
        return [self.pairs[one] for one in super().clean(value)]


def places_of(criterion):
    yield place_value(criterion), (criterion, None)
    for piece in criterion.pieces.all():
        yield place_value(criterion, piece), (criterion, piece)


def place_value(criterion, piece=None):
    """How a place is named in a form and in an address: `12`, or `12-3` as the piece 3."""
    return f"{criterion.pk}-{piece.pk}" if piece else str(criterion.pk)


def words(criterion, piece, *, names_edition):
    """One code stands for other things in other editions."""
    text = short(criterion.text, TEXT)
    said = f"{criterion.code} · {piece} · {text}" if piece else f"{criterion.code} {text}"
    return f"{said} · {criterion.indicator.standard}" if names_edition else said


class FilingForm(forms.Form):
    """New material of a unit: each file becomes one."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=None, widget=forms.Select(SEARCH))
    files = FilesField(label=_("Files"), help_text=_("Up to 20 files; each becomes an entry of its own."))
    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, help_text=_("Empty, or several files: their names.")
    )
    places = PlacesField(required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        units = user.units_with_role(*KEEPERS).current()
        self.fields["unit"].queryset = units.in_tree_order()
        self.fields["unit"].initial = user.home_unit
        self.fields["places"].offer(user)

    def titled(self):
        """The files with their titles."""
        files, title = self.cleaned_data["files"], self.cleaned_data["title"]
        return [(file, title if title and len(files) == 1 else stem(file.name)) for file in files]


def stem(name):
    return name.rpartition(".")[0] or name


class TakingForm(forms.Form):
    """A file of a report goes into the catalogue."""

    title = forms.CharField(label=_("Title"), max_length=200)
    places = PlacesField(required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["places"].offer(user)


class RevisionForm(forms.Form):
    """A newer state of a material. `read`: the number of the revision that the person has seen."""

    file = one_file(label=_("File"))
    note = forms.CharField(label=_("What is new"), max_length=200, required=False)
    read = forms.IntegerField(widget=forms.HiddenInput)

    def tell(self, changed):
        """Say that another revision was filed meanwhile; filed once more, it is meant."""
        now = changed.now
        words = _(
            "%(who)s has filed revision %(n)s meanwhile: “%(name)s”. Look at it; choose yours again to replace it."
        )
        self.add_error("file", words % {"who": now.by, "n": now.number, "name": now.attachment})
        self.data = self.data.copy()
        self.data["read"] = now.number


class PlacesForm(forms.Form):
    places = PlacesField()

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["places"].offer(user)


class TitleForm(VersionedForm):
    class Meta:
        model = Material
        fields = ["title"]


class PieceForm(VersionedForm):
    """A required piece of a criterion."""

    class Meta:
        model = RequiredPiece
        fields = ["name", "note", "asked_of"]
        widgets = {"asked_of": forms.RadioSelect}

    def clean_name(self):
        """No two of one name; without the field of the criterion Django does not ask."""
        name = self.cleaned_data["name"]
        twins = RequiredPiece.objects.filter(criterion=self.instance.criterion_id, name=name)
        if twins.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This criterion has a piece of this name already."))
        return name
