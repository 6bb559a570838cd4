"""The packaged forums, offices, help lines and promises, and how a bad file is refused."""

from datetime import date

import pytest

from app.reference.load import (
    load_commitments,
    load_forums,
    load_gazetteer,
    load_help_lines,
    load_offices,
)
from domain.forums.forum import LONGEST_KEY, forum_key
from domain.forums.forum_date import DatePrecision, ForumDate
from domain.forums.forum_rows import ForumsRefused, parse_forums
from domain.lines.help_line import Confirmed, HelpLineRefused, parse_help_line
from domain.offices.office import Beyond, OfficeRefused, Scope, parse_office
from domain.reports.topic import Subject, Topic

GAZETTEER = load_gazetteer()
HEADER = "counties,date,date_precision,national_number,concerns\n"


def refusals(rows: str) -> list[tuple[int, str]]:
    with pytest.raises(ForumsRefused) as refused:
        parse_forums(HEADER + rows, GAZETTEER)
    return [(row.row, row.key) for row in refused.value.rows]


def test_the_nine_forums_stand_as_in_the_file() -> None:
    assert [
        (forum.key, forum.counties, forum.date.text, forum.precision, forum.national_number)
        for forum in load_forums()
    ] == [
        ("homa-bay-2025-09-23", ("043",), "2025-09-23", "day", None),
        ("wajir-2025-09-25", ("008",), "2025-09-25", "day", 45),
        ("mandera-2025-09-22", ("009",), "2025-09-22", "day", 44),
        ("kajiado-2025-08-01", ("034",), "2025-08-01", "day", None),
        ("kiambu-2025-10-22", ("022",), "2025-10-22", "day", 29),
        ("kakamega-2025-09-05", ("037",), "2025-09-05", "day", 36),
        ("embu-meru-tharaka-nithi-2025-05", ("014", "012", "013"), "2025-05", "month", None),
        ("machakos-2025-04", ("016",), "2025-04", "month", None),
        ("nairobi-2025-10-03", ("047",), "2025-10-03", "day", 48),
    ]


def test_what_people_raised_is_kept_word_for_word() -> None:
    homa_bay = load_forums()[0]
    assert homa_bay.concerns == (
        "Disco matanga and defilement; illicit brews; "
        "need for stronger grassroots security (Nyumba Kumi)"
    )


def test_every_bad_row_is_told_at_once() -> None:
    assert refusals(
        "Kiambu,2025-10-22,day,29,fine\n"
        "Atlantis,2025-10-22,day,,unknown county\n"
        "\n"
        "Kisumu,2025-02-30,day,,no such day\n"
        "Kisumu,2025-05,day,,a month said to be a day\n"
        "Kisumu,22/10/2025,day,,another country's date\n"
        "Kisumu,2025-06-01,day,first,not a number\n"
        "Kiambu,2025-10-22,day,,the first row again\n"
        "Kisii,2025-10-23,day,29,the first row's number\n"
        "Embu|Embu,2025-10-24,day,,the same county twice\n"
        ",2025-10-24,day,,no county\n"
        "Kitui,2025-10-24,day\n"
    ) == [
        (3, "error.forum_county"),
        (5, "error.forum_date"),
        (6, "error.forum_date"),
        (7, "error.forum_date"),
        (8, "error.forum_number"),
        (9, "error.forum_repeated"),
        (10, "error.forum_repeated"),
        (11, "error.forum_county"),
        (12, "error.forum_county"),
        (13, "error.forum_columns"),
    ]


def test_a_refusal_says_how_many_rows_and_carries_no_words_of_the_file() -> None:
    with pytest.raises(ForumsRefused) as refused:
        parse_forums(HEADER + "Atlantis,2025-10-22,day,,\n", GAZETTEER)
    assert refused.value.params == {"count": 1}
    assert refused.value.rows[0].params == {"row": 2}


@pytest.mark.parametrize(
    "text", ["", "county,when\nKiambu,2025-10-22\n", "Kiambu,2025-10-22,day,,x"]
)
def test_a_file_with_another_header_is_refused(text: str) -> None:
    with pytest.raises(ForumsRefused) as refused:
        parse_forums(text, GAZETTEER)
    assert [row.key for row in refused.value.rows] == ["error.forum_columns"]


def test_a_file_saved_by_a_spreadsheet_is_read() -> None:
    windows = ("\ufeff" + HEADER + ' Kiambu ,2025-10-22,day, 29 ,"a, b"\n').replace("\n", "\r\n")
    (forum,) = parse_forums(windows, GAZETTEER)
    assert (forum.national_number, forum.concerns) == (29, "a, b")


def test_a_posters_key_does_not_depend_on_the_order_of_counties() -> None:
    embu, meru = GAZETTEER.county_named("Embu"), GAZETTEER.county_named("Meru")
    may = ForumDate(year=2025, month=5)
    assert forum_key([embu, meru], may) == forum_key([meru, embu], may) == "embu-meru-2025-05"


def test_a_posters_key_stays_short_however_many_counties_meet() -> None:
    day = ForumDate(year=2025, month=5, day=14)
    keys = {forum_key(GAZETTEER.counties()[:count], day) for count in range(1, 48)}
    assert len(keys) == 47
    assert all(len(key) <= LONGEST_KEY for key in keys)
    assert not set("".join(keys)) - set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_a_month_stays_a_month() -> None:
    may = ForumDate.parse("2025-05")
    assert (may.text, may.precision, may.day) == ("2025-05", DatePrecision.MONTH, None)
    assert (may.first, may.last) == (date(2025, 5, 1), date(2025, 5, 31))


@pytest.mark.parametrize(
    "text",
    ["2025", "2025-13", "2025-00", "0000-05", "2025-05-00", "2025-02-29", "2025-5", "25-05", ""],
)
def test_a_date_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ForumDate.parse(text)


def test_dates_stand_in_order_with_a_month_before_its_days() -> None:
    written = ["2025-05", "2025-05-01", "2025-05-31", "2025-06", "2026-01-01"]
    assert [day.text for day in sorted(map(ForumDate.parse, reversed(written)))] == written


@pytest.mark.parametrize(
    ("text", "day", "days"),
    [
        ("2025-05", date(2025, 5, 20), 0),
        ("2025-05", date(2025, 4, 29), 2),
        ("2025-05", date(2025, 6, 1), 1),
        ("2025-05-14", date(2025, 5, 14), 0),
        ("2025-05-14", date(2025, 5, 10), 4),
        ("2025-05-14", date(2025, 5, 15), 1),
    ],
)
def test_a_date_knows_how_far_a_day_is(text: str, day: date, days: int) -> None:
    assert ForumDate.parse(text).distance_to(day) == days


def test_each_office_takes_topics_and_subjects_the_desk_knows() -> None:
    offices = {office.key: office for office in load_offices()}
    assert len(offices) == 15
    by_name = {str(key): office for key, office in offices.items()}
    assert by_name["ipoa"].takes == (
        (Topic.OFFICIALS, Subject.CONDUCT),
        (Topic.OFFICIALS, Subject.SLOW_OR_ABSENT_POLICE),
    )
    assert by_name["interior"].takes == ((Topic.POLICE_NEEDS, None),)
    assert by_name["interior"].beyond == (Beyond.ESCALATION,)
    assert by_name["caj"].beyond == (Beyond.DELAY,)
    assert by_name["county_commissioner"].scope is Scope.AREA
    assert by_name["county_policing_authority"].scope is Scope.COUNTY_IN_PLACES


def test_every_topic_has_an_office_to_go_to() -> None:
    assert {topic for office in load_offices() for topic, _ in office.takes} == set(Topic)


def test_an_office_takes_on_a_subject_only_if_it_is_its_own() -> None:
    by_name = {str(office.key): office for office in load_offices()}
    assert by_name["ipoa"].takes_on(Topic.OFFICIALS, Subject.CONDUCT)
    assert not by_name["ipoa"].takes_on(Topic.OFFICIALS, Subject.BRIBERY)
    assert not by_name["ipoa"].takes_on(Topic.OFFICIALS)
    assert by_name["dci"].takes_on(Topic.THEFT, Subject.ROBBERY)
    assert not by_name["nacada"].takes_on(Topic.THEFT)


@pytest.mark.parametrize("takes", ["thft", "", "theft:bribery", "theft:", "theft;;roads"])
def test_an_office_that_takes_the_unknown_is_refused(takes: str) -> None:
    with pytest.raises(OfficeRefused):
        parse_office(key="x", name="X", scope="county", takes=takes)


def test_an_office_of_unknown_reach_is_refused() -> None:
    with pytest.raises(OfficeRefused):
        parse_office(key="x", name="X", scope="galaxy", takes="theft")


def test_the_help_lines_keep_their_numbers_as_written() -> None:
    lines = {str(line.key): line for line in load_help_lines()}
    assert len(lines) == 11
    assert lines["police"].number == "999 / 112 / 911"
    assert lines["nacada"].confirmed is Confirmed.NUMBER_ONLY
    assert lines["ipoa"].note == "asks for a name and contact"


@pytest.mark.parametrize(
    ("number", "confirmed"), [("", "yes"), ("call us", "yes"), ("116", "maybe")]
)
def test_a_help_line_nobody_can_call_or_trust_is_refused(number: str, confirmed: str) -> None:
    with pytest.raises(HelpLineRefused):
        parse_help_line(key="x", name="X", number=number, hours="", note="", confirmed=confirmed)


def test_the_promises_keep_what_was_said_and_leave_open_what_was_not() -> None:
    promises = load_commitments()
    assert len(promises) == 13
    assert {promise.date for promise in promises} == {"2025-12-02", "2025", "2025-10-03"}
    assert promises[0].due is None
    assert promises[-1].proof == "gazette notice of 12 November 2025"
