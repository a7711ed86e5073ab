"""The article's own arithmetic: do its parts make its totals, its shares a hundred, its attainments a sensible target?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

from extractors.numbers import PRECISION
from extractors.records import Check, Figure

_RATINGS = (
    "units_rated_excellent",
    "units_rated_good",
    "units_rated_satisfactory",
    "units_rated_poor",
    "units_unrated",
)


def find_checks(figures: Sequence[Figure]) -> list[Check]:
    """All checks that the figures of one conference allow, each with the figures it used, by index.

    705 new members at 87,5 % imply a target of about 806 (`attainment_implies_target`, which holds where a target told
    in the same article agrees, or none is told).
    """
    with localcontext(prec=PRECISION):
        return [*_attainments(figures), *_wholes(figures), *_ratings(figures)]


def _attainments(figures: Sequence[Figure]) -> list[Check]:
    made = []
    for i, f in enumerate(figures):
        if not f.attainment_pct or f.status == "target":
            continue
        implied = (f.value * 100 / Decimal(str(f.attainment_pct))).quantize(Decimal(1), ROUND_HALF_UP)
        # A target is a whole number of things, so it must be one that gives the printed percentage back.
        back = f.value * 100 / implied if implied else Decimal(0)
        holds = abs(back - Decimal(str(f.attainment_pct))) <= Decimal("0.6") if f.unit != "vnd" else True
        made.append(
            Check(
                rule="attainment_implies_target",
                holds=holds,
                expected=implied,
                found=f.value,
                figures=[i],
                message=f"{f.evidence.text} at {f.attainment_pct:g}% implies a target of about {implied}",
            )
        )
    return made


def _wholes(figures: Sequence[Figure]) -> list[Check]:
    made = []
    for i, f in enumerate(figures):
        if f.of is None:
            continue
        made.append(
            Check(
                rule="part_of_whole", holds=f.value <= f.of, expected=Decimal(f.of), found=f.value, figures=[i],
                message=f"{f.evidence.text}: {f.value} of {f.of}",
            )
        )  # fmt: skip
        if f.share_pct is not None and f.of:
            expected = (f.value * 100 / f.of).quantize(Decimal("0.1"), ROUND_HALF_UP)
            made.append(_share(expected, Decimal(str(f.share_pct)), [i], f.evidence.text))
    return made


def _share(expected: Decimal, found: Decimal, indices: list[int], what: str) -> Check:
    return Check(
        rule="share_matches_parts", holds=abs(expected - found) <= Decimal("0.6"), expected=expected, found=found, figures=indices,
        message=f"{what} is {expected}%, the article says {found}%",
    )  # fmt: skip


def _ratings(figures: Sequence[Figure]) -> list[Check]:
    """Units by rating: their shares make 100, their numbers the total, each share its number's."""
    by_sentence: dict[int, list[int]] = defaultdict(list)
    for i, f in enumerate(figures):
        if f.indicator in _RATINGS and f.unit == "organisation" and f.of is None:
            by_sentence[f.sentence.start].append(i)
    made = []
    for indices in by_sentence.values():
        if len(indices) < 2:
            continue
        parts = [figures[i] for i in indices]
        total = sum((p.value for p in parts), Decimal(0))
        shares = [Decimal(str(p.share_pct)) for p in parts if p.share_pct is not None]
        if len(shares) == len(parts):
            found = sum(shares, Decimal(0))
            made.append(
                Check(
                    rule="shares_sum_to_100", holds=abs(found - 100) <= Decimal("0.5"), expected=Decimal(100), found=found, figures=indices,
                    message=f"the shares of {len(parts)} ratings sum to {found}%",
                )
            )  # fmt: skip
            made.extend(
                _share(
                    (p.value * 100 / total).quantize(Decimal("0.1"), ROUND_HALF_UP), s, [i], p.evidence.text
                )
                for i, p, s in zip(indices, parts, shares, strict=True)
                if total
            )
        whole = next(
            (
                j
                for j, f in enumerate(figures)
                if f.indicator in {"member_units", "unions_total"} and f.status == "standing"
            ),
            None,
        )
        if whole is not None:
            made.append(
                Check(
                    rule="parts_sum_to_total", holds=total == figures[whole].value, expected=figures[whole].value, found=total,
                    figures=[*indices, whole], message=f"the units rated sum to {total}, the article counts {figures[whole].value}",
                )
            )  # fmt: skip
    return made
