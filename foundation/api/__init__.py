"""What all endpoints of the JSON API share, whichever package they belong to."""

from foundation.api.endpoints import PREFIX, ApiBlueprint, changes_a_version, may_name_a_version
from foundation.api.execution import (
    begin_execution,
    begins_itself,
    commit_early,
    faults_below,
    named_version,
    require_version,
)
from foundation.api.language import reader_language, said
from foundation.api.listing import PageQuery, page_answer

__all__ = [
    "PREFIX",
    "ApiBlueprint",
    "PageQuery",
    "begin_execution",
    "begins_itself",
    "changes_a_version",
    "commit_early",
    "faults_below",
    "may_name_a_version",
    "named_version",
    "page_answer",
    "reader_language",
    "require_version",
    "said",
]
