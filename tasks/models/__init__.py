from tasks.models.assignment import Assignment, AssignmentEvent
from tasks.models.imports import LedgerImport
from tasks.models.ledger import Ledger, Task
from tasks.models.letters import LetterEvent, ResponsibilityLetter
from tasks.models.meetings import Decision, DecisionUnit, Meeting
from tasks.models.progress import Evidence, Progress
from tasks.models.standard import Criterion, Indicator, Method, Standard

__all__ = [
    "Assignment",
    "AssignmentEvent",
    "Criterion",
    "Decision",
    "DecisionUnit",
    "Evidence",
    "Indicator",
    "Ledger",
    "LedgerImport",
    "LetterEvent",
    "Meeting",
    "Method",
    "Progress",
    "ResponsibilityLetter",
    "Standard",
    "Task",
]
