from reports.models.handing_in import HandInPackage, PackageJob, PhotoSheet, PhotoSheetJob
from reports.models.job import ReportJob
from reports.models.period import Period
from reports.models.ranking import Ranking, Score, ScoreLine, ScorePart
from reports.models.report import Report, ReportEvent
from reports.models.scheme import Component, Scheme

__all__ = [
    "Component",
    "HandInPackage",
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
]
