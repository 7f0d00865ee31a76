from units.models.calendar import CalendarDay, WorkCalendar, WorkingHours
from units.models.files import Attachment
from units.models.kinds import PeerGroup, UnitKind
from units.models.notices import Notice
from units.models.people import Membership, User, UserSession
from units.models.saved_filters import SavedFilter
from units.models.tree import Honour, Unit, UnitEvent, UnitName, UnitPerson

__all__ = [
    "Attachment",
    "CalendarDay",
    "Honour",
    "Membership",
    "Notice",
    "PeerGroup",
    "SavedFilter",
    "Unit",
    "UnitEvent",
    "UnitKind",
    "UnitName",
    "UnitPerson",
    "User",
    "UserSession",
    "WorkCalendar",
    "WorkingHours",
]
