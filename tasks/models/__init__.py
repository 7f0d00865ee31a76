from tasks.models.assignment import Assignment, AssignmentEvent
from tasks.models.coordination import Coordination, CoordinationEvent
from tasks.models.digest import Digest
from tasks.models.drafts import HandOver, ReplacedDraft
from tasks.models.imports import LedgerImport
from tasks.models.ladder import Escalation, EscalationReader, Rung, Tells
from tasks.models.ledger import Ledger, Task
from tasks.models.letters import LetterEvent, ResponsibilityLetter
from tasks.models.material import CatalogueNumber, Material, MaterialRevision
from tasks.models.meetings import Decision, DecisionUnit, Meeting
from tasks.models.postponement import Postponement, PostponementEvent
from tasks.models.progress import Evidence, Progress
from tasks.models.reimports import Reimport
from tasks.models.required import AskedPiece, RequiredPiece
from tasks.models.review import ReviewBatch
from tasks.models.rules import DutyRule
from tasks.models.selfcheck import SelfCheck
from tasks.models.standard import Criterion, Indicator, Method, Standard

__all__ = [
    "AskedPiece",
    "Assignment",
    "AssignmentEvent",
    "CatalogueNumber",
    "Coordination",
    "CoordinationEvent",
    "Criterion",
    "Decision",
    "DecisionUnit",
    "Digest",
    "DutyRule",
    "Escalation",
    "EscalationReader",
    "Evidence",
    "HandOver",
    "Indicator",
    "Ledger",
    "LedgerImport",
    "LetterEvent",
    "Material",
    "MaterialRevision",
    "Meeting",
    "Method",
    "Postponement",
    "PostponementEvent",
    "Progress",
    "Reimport",
    "ReplacedDraft",
    "RequiredPiece",
    "ResponsibilityLetter",
    "ReviewBatch",
    "Rung",
    "SelfCheck",
    "Standard",
    "Task",
    "Tells",
]
