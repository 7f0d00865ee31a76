from inspections.models.checklist import Checklist, ChecklistItem
from inspections.models.finding import Finding, FindingPhoto, Source
from inspections.models.place import Place, PlaceResponsibility, PlaceType
from inspections.models.rectification import (
    FixPhoto,
    RectificationEvent,
    RectificationItem,
)
from inspections.models.visit import Answer, Round, RoundPlace, Taken, Team, Visit

__all__ = [
    "Answer",
    "Checklist",
    "ChecklistItem",
    "Finding",
    "FindingPhoto",
    "FixPhoto",
    "Place",
    "PlaceResponsibility",
    "PlaceType",
    "RectificationEvent",
    "RectificationItem",
    "Round",
    "RoundPlace",
    "Source",
    "Taken",
    "Team",
    "Visit",
]
