"""One row of a file as the preview shows it: what is in it, what its names mean, what is wrong, what becomes of it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

FATES = {"new": _("new"), "changed": _("changed"), "same": _("as it was")}
TONES = {"new": "open", "changed": "due_soon", "same": "not_started"}


@dataclass(frozen=True)
class Said:
    """A name in the file: how many units it means (0: nobody knows it), and whether it will be created."""

    name: str
    units: tuple
    is_new: bool


class PreviewRow:
    """Reads from a planned row and the preview it belongs to."""

    def __init__(self, planned, preview):
        draft, self.words = planned.draft, planned.words
        self.row, self.sheet = draft.row, draft.sheet
        self.place = f"{preview.sheet_of(draft)} {draft.row}".strip()
        self.deadline, self.deadline_text = draft.deadline, draft.deadline_text
        self.problems = preview.problems.get((draft.sheet, draft.row), [])
        self.fate, self.tone = FATES[planned.fate], TONES[planned.fate]
        self.has_units = bool(planned.shares)
        self._draft, self._preview = draft, preview

    @property
    def lead(self):
        return self._said(self._draft.lead)

    @property
    def responsible(self):
        return self._said(self._draft.responsible)

    @property
    def supporting(self):
        return self._said(self._draft.supporting)

    def _said(self, names):
        choices = self._preview.upload.choices
        meaning = self._preview.placing.meaning
        return [Said(name, meaning(name).units, choices.get(name, {}).get("do") == "create") for name in names]
