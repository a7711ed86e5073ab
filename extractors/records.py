"""The record contract: what one article becomes.

Every value points at the words it came from: `text[evidence.start:evidence.end] == evidence.text`, offsets in Unicode
code points of `Article.text`, which is NFC. Field names and codes are stable; new fields may come, none is renamed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, TypeAdapter

ConferenceKind = Literal[
    "year_review", "interim_review", "cluster_review", "congress", "committee_meeting", "workers_conference",
    "commendation", "launch", "training", "care_event", "competition", "signing", "other",
]  # fmt: skip
UnitType = Literal[
    "confederation", "federation", "sector_union", "civil_servants_union", "enterprise_union", "grassroots_union",
    "cluster", "department", "employer", "authority", "party", "other",
]  # fmt: skip
UnitLevel = Literal["national", "province", "sector", "district", "upper_grassroots", "grassroots"]
UnitRole = Literal[
    "host", "superior", "member", "grantor", "recipient", "leader", "cluster_head", "cluster_deputy", "participant",
    "mentioned",
]  # fmt: skip
UnitCode = Literal[
    "vnd", "usd", "percent", "person", "turn", "organisation", "session", "initiative", "project", "house", "gift",
    "task", "target", "document", "blood_unit", "hour", "year", "place", "case", "other",
]  # fmt: skip
Modifier = Literal["exact", "more_than", "nearly", "about", "at_least", "at_most", "order_of"]
Status = Literal["achieved", "target", "standing"]
Indicator = Literal[
    "members_total", "workers_total", "unions_total", "member_units", "members_recruited", "unions_founded",
    "party_referrals", "party_admissions", "units_rated_excellent", "units_rated_good", "units_rated_satisfactory",
    "units_rated_poor", "units_unrated", "members_rated", "families_commended", "care_beneficiaries", "care_spending",
    "gifts_given", "houses_supported", "housing_spending", "fund_contributions", "loans", "welfare_agreements",
    "health_checks", "health_check_spending", "blood_donated", "propaganda_sessions", "propaganda_attendance",
    "training_sessions", "training_attendance", "initiatives", "initiative_value", "emulation_projects",
    "collective_agreements", "dialogues", "workers_conferences", "inspections", "disputes", "legal_aid",
    "cultural_events", "event_attendance", "wages_income", "finance_revenue", "finance_spending", "tasks_planned",
    "tasks_completed", "targets_set", "targets_met", "units_meeting_target", "delegates", "participants",
    "committee_elected", "award_money", "other",
]  # fmt: skip
AwardForm = Literal[
    "emulation_flag", "certificate_of_merit", "certificate_of_commendation", "labour_medal", "commemorative_medal",
    "creative_labour_certificate", "emulation_fighter", "badge", "title", "prize", "certificate", "commendation",
    "rank", "other",
]  # fmt: skip
RecipientType = Literal["collective", "individual", "mixed", "unspecified"]
QualityFlag = Literal["spam_injection", "boilerplate", "broken_words", "truncated", "not_vietnamese"]
CheckRule = Literal[
    "parts_sum_to_total",
    "shares_sum_to_100",
    "share_matches_parts",
    "attainment_implies_target",
    "part_of_whole",
]


def _plain(value: Decimal) -> str:
    """`236899800`, `88.2`: no exponent, no trailing zeros, so that equal values are equal strings."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


Number = Annotated[Decimal, PlainSerializer(_plain, return_type=str)]


class Record(BaseModel):
    """Base of all records: immutable, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Record):
    """A half-open range of offsets into `Article.text`."""

    start: int
    end: int


class Evidence(Span):
    """The words a value was read from, and the name of the rule that read them."""

    text: str
    rule: str


class Period(Record):
    """A stretch of time as named (`năm học 2021-2022`) and as ISO dates, both inclusive."""

    label: str
    start: str
    end: str


class EventDate(Record):
    """The day of an event, how precisely it is known, and where its year came from."""

    start: str | None = None
    end: str | None = None
    precision: Literal["day", "month", "year"] = "day"
    session: Literal["morning", "afternoon", "evening"] | None = None
    basis: Literal["explicit", "publication", "context", "unresolved"] = "unresolved"
    evidence: Evidence | None = None


class Place(Record):
    """Where an event was held; `province_code` is the two-digit code of the General Statistics Office, if known."""

    text: str
    province_code: str | None = None
    evidence: Evidence


class UnitRef(Record):
    """A unit as written and with its abbreviations opened and its place resolved from the article."""

    name: str
    canonical: str
    type: UnitType
    level: UnitLevel | None = None
    province_code: str | None = None
    role: UnitRole
    evidence: Evidence


class Person(Record):
    """An office holder named in the report."""

    name: str
    position: str | None = None
    unit: str | None = None
    role: Literal["directs", "attends", "speaks", "presides", "other"]
    evidence: Evidence


class Change(Record):
    """`tăng 12% so với cùng kỳ`: a difference against an earlier period."""

    direction: Literal["increase", "decrease"]
    value: Number
    unit: UnitCode
    versus: str | None = None


class Figure(Record):
    """How much or how many of something. Money is in đồng, shares in percent."""

    indicator: Indicator
    value: Number
    value_max: Number | None = None
    unit: UnitCode
    unit_text: str
    modifier: Modifier = "exact"
    status: Status
    period: Period | None = None
    of: int | None = None
    attainment_pct: float | None = None
    share_pct: float | None = None
    change: Change | None = None
    subject: str | None = None
    confidence: float = 0.5
    """How often figures read like this one are right in all they say, measured on annotated articles."""
    support: str = ""
    """What the reading rests on, as the confidence table names it: `noun high body achieved`."""
    evidence: Evidence
    sentence: Span


class Award(Record):
    """An award given: one record for each form, kind of recipient and grantor."""

    form: AwardForm
    form_text: str
    grantors: list[str] = Field(default_factory=list)
    recipient_type: RecipientType
    count: int | None = None
    recipients: list[str] = Field(default_factory=list)
    reason: str | None = None
    period: Period | None = None
    confidence: float = 0.5
    support: str = ""
    evidence: Evidence


class Check(Record):
    """What the article's own arithmetic says; `figures` are indices into the conference's figures."""

    rule: CheckRule
    holds: bool
    expected: Number | None = None
    found: Number | None = None
    figures: list[int]
    message: str


class Conference(Record):
    """One reported event."""

    id: str
    kind: ConferenceKind
    name: str | None = None
    host: UnitRef | None = None
    date: EventDate
    place: Place | None = None
    review_period: Period | None = None
    plan_period: Period | None = None
    units: list[UnitRef] = Field(default_factory=list)
    people: list[Person] = Field(default_factory=list)
    figures: list[Figure] = Field(default_factory=list)
    awards: list[Award] = Field(default_factory=list)
    checks: list[Check] = Field(default_factory=list)


class Article(Record):
    """The text that was read. `published_at` is ISO 8601 with the offset, as given."""

    id: str
    source: str | None = None
    url: str | None = None
    title: str | None = None
    published_at: str | None = None
    text: str
    relevant: bool
    quality: list[QualityFlag] = Field(default_factory=list)


class Report(Record):
    """One article and the events it reports: a line of `tongket extract`."""

    article: Article
    conferences: list[Conference] = Field(default_factory=list)

    def to_json(self) -> str:
        """One line of JSON, keys in the order of the models, so that equal reports are equal bytes."""
        return self.model_dump_json()

    def to_json_bytes(self) -> bytes:
        """The same in UTF-8, as it is written: a quarter of the work of making a string of it first."""
        return _REPORT.dump_json(self)


_REPORT = TypeAdapter(Report)
