from reports.models.criterion import CriterionItem, findings_of
from reports.models.disclosure import Disclosure, DisclosureEvent, DisclosureJob
from reports.models.handing_in import HandInPackage, PackageJob, PhotoSheet, PhotoSheetJob
from reports.models.job import LetterJob, ReportJob
from reports.models.period import Period
from reports.models.ranking import Ranking, Score, ScoreLine, ScorePart
from reports.models.report import Report, ReportEvent
from reports.models.scheme import Component, Scheme

__all__ = [
    "Component",
    "CriterionItem",
    "Disclosure",
    "DisclosureEvent",
    "DisclosureJob",
    "HandInPackage",
    "LetterJob",
    "PackageJob",
    "Period",
    "PhotoSheet",
    "PhotoSheetJob",
    "Ranking",
    "Report",
    "ReportEvent",
    "ReportJob",
    "Scheme",
    "Score",
    "ScoreLine",
    "ScorePart",
    "findings_of",
]
