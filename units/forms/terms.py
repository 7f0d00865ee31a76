"""Forms of what holds from a day until a day."""

from django.utils.translation import gettext_lazy as _


class TermDays:
    """A form with `since` and `until`: the last day does not lie before the first."""

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("It ends on the day it begins or later."))
        return data
