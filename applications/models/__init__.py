"""The rows of procedures, cases, clocks, documents, reviews and decisions."""

from applications.models.batches import Batch, BatchItem
from applications.models.cases import (
    ARRIVING,
    CHANNELS,
    REGISTERED,
    TAKEN_OVER,
    Application,
    Case,
    CaseEvent,
    DossierCounter,
    EarlierSubmission,
)
from applications.models.clocks import ClockInterval, ClockRun
from applications.models.counts import CaseCount, CaseCountChange
from applications.models.decisions import Decision, Letter, LetterFile, Message, MessageFile
from applications.models.documents import Document, DocumentText
from applications.models.exports import ListExport
from applications.models.feeds import CalendarFeed
from applications.models.filters import FirstFilter, SavedFilter
from applications.models.issuing import IssuingItem, IssuingRound
from applications.models.lives import Life
from applications.models.procedures import Procedure, ProcedureVersion
from applications.models.reviews import Conflict, ReviewAssignment, ReviewScore
from applications.models.stuck import StuckCase
from applications.models.takeovers import Takeover, TakeoverSheet
from applications.models.uploads import Upload
from applications.models.words import CaseWords, SearchWord

__all__ = [
    "ARRIVING",
    "CHANNELS",
    "REGISTERED",
    "TAKEN_OVER",
    "Application",
    "Batch",
    "BatchItem",
    "CalendarFeed",
    "Case",
    "CaseCount",
    "CaseCountChange",
    "CaseEvent",
    "CaseWords",
    "ClockInterval",
    "ClockRun",
    "Conflict",
    "Decision",
    "Document",
    "DocumentText",
    "DossierCounter",
    "EarlierSubmission",
    "FirstFilter",
    "IssuingItem",
    "IssuingRound",
    "Letter",
    "LetterFile",
    "Life",
    "ListExport",
    "Message",
    "MessageFile",
    "Procedure",
    "ProcedureVersion",
    "ReviewAssignment",
    "ReviewScore",
    "SavedFilter",
    "SearchWord",
    "StuckCase",
    "Takeover",
    "TakeoverSheet",
    "Upload",
]
