"""What holds of every report, whatever the text: each value points at its words, in its sentence, in order."""

from __future__ import annotations

from extractors.records import Evidence, Report


def evidence_of(report: Report) -> list[Evidence]:
    """Every evidence anywhere in a report."""
    found: list[Evidence] = []

    def walk(value: object) -> None:
        if isinstance(value, Evidence):
            found.append(value)
        elif isinstance(value, list):
            for item in value:
                walk(item)
        elif hasattr(type(value), "model_fields"):
            for name in type(value).model_fields:
                walk(getattr(value, name))

    walk(report)
    return found


def assert_grounded(report: Report) -> None:
    """Evidence holds its words, figures lie in their sentences, periods and ranges rise, checks name figures there are."""
    text = report.article.text
    for e in evidence_of(report):
        assert 0 <= e.start < e.end <= len(text)
        assert text[e.start : e.end] == e.text
        assert e.rule
    for conference in report.conferences:
        for figure in conference.figures:
            assert figure.sentence.start <= figure.evidence.start < figure.sentence.end <= len(text)
            assert figure.value.is_finite()
            assert figure.value_max is None or figure.value_max > figure.value
        for period in (
            conference.review_period,
            conference.plan_period,
            *(x.period for x in (*conference.figures, *conference.awards)),
        ):
            assert period is None or period.start <= period.end
        assert conference.date.start is None or conference.date.start <= (
            conference.date.end or conference.date.start
        )
        for check in conference.checks:
            assert all(0 <= i < len(conference.figures) for i in check.figures)
