from tasks.models.assignment import Assignment, AssignmentEvent
from tasks.models.digest import Digest
from tasks.models.imports import LedgerImport
from tasks.models.ladder import Escalation, EscalationReader, Rung, Tells
from tasks.models.ledger import Ledger, Task
from tasks.models.material import CatalogueNumber, Material, MaterialRevision
from tasks.models.progress import Evidence, Progress
from tasks.models.reimports import Reimport
from tasks.models.required import AskedPiece, RequiredPiece
from tasks.models.standard import Criterion, Indicator, Method, Standard

__all__ = [
    "AskedPiece",
    "Assignment",
    "AssignmentEvent",
    "CatalogueNumber",
    "Criterion",
    "Digest",
    "Escalation",
    "EscalationReader",
    "Evidence",
    "Indicator",
    "Ledger",
    "LedgerImport",
    "Material",
    "MaterialRevision",
    "Method",
    "Progress",
    "Reimport",
    "RequiredPiece",
    "Rung",
    "Standard",
    "Task",
    "Tells",
]
