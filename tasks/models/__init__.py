from tasks.models.assignment import Assignment, AssignmentEvent
from tasks.models.coordination import Coordination, CoordinationEvent
from tasks.models.drafts import HandOver, ReplacedDraft
from tasks.models.imports import LedgerImport
from tasks.models.ledger import Ledger, Task
from tasks.models.postponement import Postponement, PostponementEvent
from tasks.models.progress import Evidence, Progress
from tasks.models.review import ReviewBatch
from tasks.models.selfcheck import SelfCheck
from tasks.models.standard import Criterion, Indicator, Method, Standard

__all__ = [
    "Assignment",
    "AssignmentEvent",
    "Coordination",
    "CoordinationEvent",
    "Criterion",
    "Evidence",
    "HandOver",
    "Indicator",
    "Ledger",
    "LedgerImport",
    "Method",
    "Postponement",
    "PostponementEvent",
    "Progress",
    "ReplacedDraft",
    "ReviewBatch",
    "SelfCheck",
    "Standard",
    "Task",
]
