"""Publication stamps as Vietnamese sites print them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.crawl.stamps import parse_stamp


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2025-01-07T05:03:00+07:00", "2025-01-07T05:03:00+07:00"),  # ISO as given
        ("2025-01-06T22:03:00.000Z", "2025-01-06T22:03:00+00:00"),  # UTC stays UTC
        ("2025-01-07T05:03:00+0700", "2025-01-07T05:03:00+07:00"),  # a zone without its colon
        ("2025-01-07 05:03", "2025-01-07T05:03:00+07:00"),  # no zone: Vietnam's
        ("2025-01-07", "2025-01-07"),  # no clock: none invented
        ("05:03 07-01-25", "2025-01-07T05:03:00+07:00"),  # clock first, two-digit year
        ("Thứ Bảy, 23/06/2018, 10:30", "2018-06-23T10:30:00+07:00"),  # weekday, clock last
        ("Thứ bảy 09/12/2023 15:21", "2023-12-09T15:21:00+07:00"),  # day before month
        ("23/08/2020 04:13:00 PM", "2020-08-23T16:13:00+07:00"),  # twelve-hour clock
        ("23/08/2020 16:13 PM", "2020-08-23T16:13:00+07:00"),  # PM said of an hour that shows it
        ("Ngày 9 tháng 12 năm 2023", "2023-12-09"),  # months in words
        ("Cập nhật: 9.12.2023, 7h05", "2023-12-09T07:05:00+07:00"),  # dots, h for the hour
        ("31/02/2024", None),  # no such day
        ("Ngày đăng:", None),  # an empty label
        ("Chủ nhật", None),
        ("Điện thoại: 0273.387.2222", None),  # digits with dots are no date
        ("9/9 chỉ tiêu", None),  # nor is a part of a whole
    ],
)
def test_parse_stamp(printed: str, expected: str | None) -> None:
    assert parse_stamp(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("07/01/2025 05:03", "2025-01-07T05:03:00+07:00"),  # before the page was fetched
        ("07/01/2027 05:03", None),  # two years after: a running clock
    ],
)
def test_a_running_clock_is_no_publication_date(printed: str, expected: str | None) -> None:
    assert parse_stamp(printed, not_after=datetime(2025, 1, 8, tzinfo=UTC)) == expected
