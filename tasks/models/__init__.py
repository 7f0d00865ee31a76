from tasks.models.assignment import Assignment, AssignmentEvent
from tasks.models.imports import LedgerImport
from tasks.models.ledger import Ledger, Task
from tasks.models.progress import Evidence, Progress
from tasks.models.rules import DutyRule
from tasks.models.standard import Criterion, Indicator, Method, Standard

__all__ = [
    "Assignment",
    "AssignmentEvent",
    "Criterion",
    "DutyRule",
    "Evidence",
    "Indicator",
    "Ledger",
    "LedgerImport",
    "Method",
    "Progress",
    "Standard",
    "Task",
]
