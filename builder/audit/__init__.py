"""What is wrong with data: records, bundles and Parquet, checked by schema and by meaning."""

from builder.audit.catalog import DEEP_RULES, RULES
from builder.audit.counted import Counted
from builder.audit.issue import Finding, Issue
from builder.audit.rules import record_findings
from builder.audit.run import check, summary

__all__ = [
    "DEEP_RULES",
    "RULES",
    "Counted",
    "Finding",
    "Issue",
    "check",
    "record_findings",
    "summary",
]
