"""Publication stamps as Vietnamese sites print them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.crawl.page.stamps import find_stamps, is_stamp, parse_stamp


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2025-01-07T05:03:00+07:00", "2025-01-07T05:03:00+07:00"),  # ISO as given
        ("2025-01-06T22:03:00.000Z", "2025-01-06T22:03:00+00:00"),  # UTC stays UTC; milliseconds go
        ("2025-01-07T05:03:00+0700", "2025-01-07T05:03:00+07:00"),  # a zone without its colon
        ("2025-01-07T05:03:00+7", "2025-01-07T05:03:00+07:00"),  # a zone of one digit
        ("2025-01-07 05:03", "2025-01-07T05:03:00+07:00"),  # no zone: Vietnam's
        ("2025-01-07", "2025-01-07"),  # no clock: none invented
        ("2025/01/07 05:03", "2025-01-07T05:03:00+07:00"),  # the year first, in print
        ("05:03 07-01-25", "2025-01-07T05:03:00+07:00"),  # clock first, two-digit year
        ("Thứ Bảy, 23/06/2018, 10:30", "2018-06-23T10:30:00+07:00"),  # weekday, clock last
        ("Thứ sáu, 27/12/2024 | 16:42 GMT+7", "2024-12-27T16:42:00+07:00"),  # a zone in words
        ("27/12/2024 16:42 (GMT+7)", "2024-12-27T16:42:00+07:00"),  # and in brackets
        ("Thứ sáu - 27/12/2024 16:42", "2024-12-27T16:42:00+07:00"),  # a dash between weekday and day
        ("27-12-2024, 08:05", "2024-12-27T08:05:00+07:00"),  # hyphens in the day
        ("16:42 | 27/12/2024", "2024-12-27T16:42:00+07:00"),  # a bar between clock and day
        ("(16:42 - 27/12/2024)", "2024-12-27T16:42:00+07:00"),  # a dash that is no zone
        ("Cập nhật lúc 16:42, ngày 27/12/2024", "2024-12-27T16:42:00+07:00"),  # words between clock and day
        ("Ngày đăng: 9.1.2014 8:15:00 SA", "2014-01-09T08:15:00+07:00"),  # SA is sáng
        ("9/1/2014 8:15:00 CH", "2014-01-09T20:15:00+07:00"),  # CH is chiều
        ("9/1/2014 12:05 SA", "2014-01-09T00:05:00+07:00"),  # just after midnight
        ("23/08/2020 04:13:00 PM", "2020-08-23T16:13:00+07:00"),  # twelve-hour clock
        ("23/08/2020 16:13 PM", "2020-08-23T16:13:00+07:00"),  # PM said of an hour that shows it
        ("Cập nhật: 9.12.2023, 7h05", "2023-12-09T07:05:00+07:00"),  # h for the hour
        ("16 giờ 42, 27/12/2024", "2024-12-27T16:42:00+07:00"),  # giờ for the hour
        ("Ngày 9 tháng 12 năm 2023", "2023-12-09"),  # the month behind tháng
        ("Thứ Sáu, 27 tháng 12 năm 2024", "2024-12-27"),  # with the weekday
        ("27 Tháng Mười Hai, 2024", "2024-12-27"),  # the month in words: mười hai is not mười
        ("3 Tháng Mười Một, 2024", "2024-11-03"),  # nor is mười một
        ("Tháng Một 5, 2024", "2024-01-05"),  # the month in front
        ("(27/12/2024)", "2024-12-27"),  # brackets behind a title
        ("Fri, 27 Dec 2024 09:42:00 GMT", "2024-12-27T09:42:00+00:00"),  # a feed's
        ("Fri, 27 Dec 2024 16:42:00 +0700", "2024-12-27T16:42:00+07:00"),  # a feed's, with an offset
        ("December 27, 2024", "2024-12-27"),  # a theme that nobody translated
        ("12/27/2024 4:42:00 PM", "2024-12-27T16:42:00+07:00"),  # one reading only: no month 27
        ("27/12/2024 - Lượt xem: 1.024", "2024-12-27"),  # a counter is no clock
        ("27/12/2024 25:70", "2024-12-27"),  # no such hour: the day stays
        ("27/12/2024 05:03 +45:00", "2024-12-27T05:03:00+07:00"),  # no such zone: Vietnam's
        ("31/02/2024", None),  # no such day
        ("02/31/2024", None),  # in no order
        ("Ngày đăng:", None),  # an empty label
        ("Chủ nhật", None),
        ("Hôm nay: Thứ sáu, 27/12/2024", None),  # the page's calendar says so itself
        ("Điện thoại: 0273.387.2222", None),  # digits with dots are no date
        ("9/9 chỉ tiêu", None),  # nor is a part of a whole
        ("Số 12/01/2024/NQ", None),  # nor a document number with one more part
    ],
)  # fmt: skip
def test_parse_stamp(printed: str, expected: str | None) -> None:
    assert parse_stamp(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("07/01/2025 05:03", "2025-01-07T05:03:00+07:00"),  # before the page was fetched
        ("08/01/2025 23:00", "2025-01-08T23:00:00+07:00"),  # within a day: clocks differ
        ("07/01/2027 05:03", None),  # two years after: a running clock
    ],
)
def test_a_running_clock_is_no_publication_date(printed: str, expected: str | None) -> None:
    assert parse_stamp(printed, not_after=datetime(2025, 1, 8, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("printed", "day_first", "offset", "expected"),
    [
        ("03/02/2025 09:00", True, "+07:00", "2025-02-03T09:00:00+07:00"),  # 3 February in Vietnam
        ("03/02/2025 09:00", False, "+07:00", "2025-03-02T09:00:00+07:00"),  # 2 March where the site says so
        ("2025-02-03", False, "+07:00", "2025-02-03"),  # ISO has one order only
        ("03/02/2025 02:00", True, "+00:00", "2025-02-03T02:00:00+00:00"),  # a server that counts in UTC
        (
            "03/02/2025 09:00 GMT+7",
            True,
            "+00:00",
            "2025-02-03T09:00:00+07:00",
        ),  # a zone that is said goes first
    ],
)
def test_a_site_says_how_it_prints(printed: str, day_first: bool, offset: str, expected: str) -> None:
    assert parse_stamp(printed, day_first=day_first, offset=offset) == expected


@pytest.mark.parametrize(
    ("printed", "stamps"),
    [
        ("Ngày đăng: 27/12/2024 16:42 - Cập nhật: 28/12/2024 08:00", [("2024-12-27T16:42:00+07:00", False), ("2024-12-28T08:00:00+07:00", True)]),
        ("Đăng 27/12/2024, cập nhật lúc 16:42 ngày 28/12/2024", [("2024-12-27", False), ("2024-12-28T16:42:00+07:00", True)]),  # a clock is its nearest day's
        ("Cập nhật lúc 16:42, 27/12/2024", [("2024-12-27T16:42:00+07:00", True)]),
        ("16:42 27/12/2024", [("2024-12-27T16:42:00+07:00", False)]),  # without a word: of publication
    ],
)  # fmt: skip
def test_changes_are_told_from_publications(printed: str, stamps: list[tuple[str, bool]]) -> None:
    assert [(stamp.value, stamp.changed) for stamp in find_stamps(printed)] == stamps


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thứ sáu, 27/12/2024 | 16:42 GMT+7", True),
        ("Cập nhật lúc 16:42, ngày 27/12/2024", True),
        ("(Đăng ngày 27/12/2024)", True),
        ("27/12/2024: khởi công", False),  # tells what happened
        ("Ngày 27/12/2024, tại Mỹ Tho", False),  # the head of a sentence
        ("Thứ sáu", False),  # no day
        ("16:42", False),
    ],
)
def test_is_stamp(text: str, expected: bool) -> None:
    assert is_stamp(text) is expected
