from tasks.models.assignment import Assignment, AssignmentEvent
from tasks.models.digest import Digest
from tasks.models.imports import LedgerImport
from tasks.models.ladder import Escalation, EscalationReader, Rung, Tells
from tasks.models.ledger import Ledger, Task
from tasks.models.progress import Evidence, Progress
from tasks.models.reimports import Reimport
from tasks.models.standard import Criterion, Indicator, Method, Standard

__all__ = [
    "Assignment",
    "AssignmentEvent",
    "Criterion",
    "Digest",
    "Escalation",
    "EscalationReader",
    "Evidence",
    "Indicator",
    "Ledger",
    "LedgerImport",
    "Method",
    "Progress",
    "Reimport",
    "Rung",
    "Standard",
    "Task",
    "Tells",
]
