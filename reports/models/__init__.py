from reports.models.job import ReportJob
from reports.models.period import Component, Period, Scheme
from reports.models.ranking import Ranking, Score, ScoreLine, ScorePart
from reports.models.report import Report, ReportEvent

__all__ = [
    "Component",
    "Period",
    "Ranking",
    "Report",
    "ReportEvent",
    "ReportJob",
    "Scheme",
    "Score",
    "ScoreLine",
    "ScorePart",
]
