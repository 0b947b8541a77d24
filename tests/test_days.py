"""Times in texts, the day of an article, the time in a question."""

from __future__ import annotations

import json
import random
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from index.days import Period, in_question, mentions, published_day
from index.periods import around, century, day, decade, month, season, stretch, week, year

FRIDAY = date(2023, 9, 22)
CASES = Path(__file__).parent.parent / "benchmarks" / "days.jsonl"


def found(text: str, published: date | None = FRIDAY) -> list[tuple[str, str]]:
    """Each mention as (its words, what it means)."""
    return [(text[one.start : one.end], str(one.period)) for one in mentions(text, published)]


def meanings(text: str, published: date | None = FRIDAY) -> list[str]:
    return [meaning for _, meaning in found(text, published)]


# ── periods ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("period", "written"),
    [
        (day(FRIDAY), "22 September 2023"),
        (month(2023, 5), "May 2023"),
        (year(2004), "2004"),
        (decade(1994), "the 1990s"),
        (century(20), "the 20th century"),
        (century(21), "the 21st century"),
        (season("summer", 2022), "summer 2022"),
        (season("winter", 1999), "winter 1999–00"),
        (week(FRIDAY), "18–24 September 2023"),
        (stretch(date(2023, 5, 12), date(2023, 5, 14)), "12–14 May 2023"),
        (stretch(date(2023, 2, 28), date(2023, 3, 2)), "28 February – 2 March 2023"),
        (stretch(date(2022, 12, 30), date(2023, 1, 2)), "30 December 2022 – 2 January 2023"),
        (stretch(date(2011, 1, 1), date(2018, 12, 31)), "2011–2018"),
        (stretch(date(2023, 1, 1), date(2023, 3, 31)), "January–March 2023"),
        (stretch(date(2022, 3, 1), date(2023, 2, 28)), "March 2022 – February 2023"),
        (year(2011).since(), "since 2011"),
        (day(date(2011, 1, 1)).since(), "since 1 January 2011"),
        (month(2023, 5).until(), "until May 2023"),
        (decade(1990).since(), "since the 1990s"),
        (season("summer", 2020).until(), "until summer 2020"),
        (Period(date(2003, 1, 1), date(2003, 12, 31), "year", approximate=True), "about 2003"),
        (Period(date(2003, 1, 1), None, "year", approximate=True), "since about 2003"),
        (Period(date(2023, 1, 1), FRIDAY, "year"), "2023"),  # "earlier this year"
        (Period(date(2020, 9, 1), date(2020, 12, 31), "year"), "late 2020"),
        (Period(date(2020, 5, 1), date(2020, 8, 31), "year"), "mid-2020"),
        (Period(date(1990, 1, 1), date(1993, 12, 31), "decade"), "the early 1990s"),
        (Period(date(2016, 5, 1), date(2016, 5, 10), "month"), "early May 2016"),
    ],
)
def test_a_period_reads_as_people_write_it(period: Period, written: str) -> None:
    assert str(period) == written


def test_a_period_needs_a_side_and_an_order() -> None:
    with pytest.raises(ValueError, match="start or an end"):
        Period(None, None, "range")
    with pytest.raises(ValueError, match="before it starts"):
        Period(date(2023, 5, 2), date(2023, 5, 1), "range")


def test_periods_compare_by_their_days() -> None:
    may, spring = month(2023, 5), season("spring", 2023)
    assert spring.contains(may) and not may.contains(spring)
    assert may.contains(date(2023, 5, 31)) and not may.contains(date(2023, 6, 1))
    assert may.overlaps(week(date(2023, 5, 31))) and not may.overlaps(month(2023, 6))
    assert may.before(month(2023, 6)) and month(2023, 6).after(may) and not may.before(spring)
    assert year(2011).since().contains(FRIDAY) and not year(2011).since().contains(date(2010, 12, 31))
    assert month(2023, 5).until().contains(date(1900, 1, 1)) and month(2023, 5).until().open
    assert day(FRIDAY).point and not may.point and not year(2011).since().point


def test_periods_sort_by_when_they_were() -> None:
    told = [day(FRIDAY), year(2004), year(2011).since(), month(2023, 5), month(1999, 5).until()]
    assert [str(one) for one in sorted(told, key=lambda one: one.order)] == [
        "until May 1999", "2004", "since 2011", "May 2023", "22 September 2023",
    ]  # fmt: skip


# ── the calendar ─────────────────────────────────────────────────────────────────────────────────────────────────

WRITTEN = ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%b %d, %Y", "%b. %d, %Y", "%A, %d %B %Y", "%A, %B %d, %Y", "%d-%b-%Y")


@pytest.mark.parametrize("form", WRITTEN)
def test_every_day_of_four_years_is_read_back(form: str) -> None:
    for step in range(4 * 365 + 1):
        when = date(2021, 1, 1) + timedelta(days=step)
        text = f"It was signed on {when.strftime(form)} in the harbour.".replace("May.", "May")
        assert [one.period for one in mentions(text, None)] == [day(when)], text


def test_what_a_period_is_written_as_is_read_as_that_period() -> None:
    periods = [month(2020, number) for number in range(1, 13)] + [year(number) for number in range(1800, 2030, 7)]
    periods += [
        day(FRIDAY),
        stretch(date(2023, 5, 12), date(2023, 5, 14)),
        decade(1970),
        century(18),
        season("spring", 2019),
    ]
    for period in periods:
        text = f"They met in {period}, it is said."
        assert [one.period for one in mentions(text, None)] == [period], text


def test_weekdays_through_a_whole_year() -> None:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    for step in range(366):
        today = date(2024, 1, 1) + timedelta(days=step)
        for name in names:
            back = next(
                today - timedelta(days=n) for n in range(7) if (today - timedelta(days=n)).strftime("%A") == name
            )
            on = next(today + timedelta(days=n) for n in range(7) if (today + timedelta(days=n)).strftime("%A") == name)
            last = back if back != today else back - timedelta(days=7)
            following = on if on != today else on + timedelta(days=7)
            for text, right in (
                (f"The bank failed on {name}.", back),
                (f"The bank will open on {name}.", on),
                (f"The bank failed last {name}.", last),
                (f"The board meets next {name}.", following),
            ):
                (one,) = mentions(text, today)
                assert one.period == day(right), (text, today)
                assert one.relative


@pytest.mark.parametrize(
    ("published", "text", "right"),
    [
        (date(2024, 1, 2), "The mill closed in December.", "December 2023"),
        (date(2024, 1, 2), "The mill closed in January.", "January 2024"),
        (date(2024, 1, 2), "It burned down on 31 December.", "31 December 2023"),
        (date(2024, 1, 2), "It burned down on Dec. 31.", "31 December 2023"),
        (date(2024, 1, 2), "It was sold yesterday.", "1 January 2024"),
        (date(2024, 1, 1), "It was sold yesterday.", "31 December 2023"),
        (date(2024, 1, 2), "It was sold last week.", "25–31 December 2023"),
        (date(2024, 1, 2), "It was sold last month.", "December 2023"),
        (date(2023, 12, 31), "It will be sold next month.", "January 2024"),
        (date(2023, 12, 30), "The vote will be held on 14 January.", "14 January 2024"),
        (date(2023, 12, 30), "The vote will be held in February.", "February 2024"),
        (date(2024, 2, 28), "The vote will be held tomorrow.", "29 February 2024"),
        (date(2023, 2, 28), "The vote will be held tomorrow.", "1 March 2023"),
        (date(2024, 3, 1), "She was born on 29 February.", "29 February 2024"),
        (date(2023, 3, 1), "She was born on 29 February.", "29 February 2020"),
        (date(2024, 2, 29), "It was founded a year ago today.", "28 February 2023"),
        (date(2024, 3, 31), "It was founded last month.", "February 2024"),
        (date(2024, 5, 31), "It was founded a month ago.", "April 2024"),
        (date(2024, 2, 10), "It was shut last winter.", "winter 2022–23"),
        (date(2024, 2, 10), "It is shut this winter.", "winter 2023–24"),
    ],
)
def test_at_the_edges_of_years_and_months(published: date, text: str, right: str) -> None:
    assert meanings(text, published) == [right]


def test_a_weekday_beside_a_date_tells_its_year() -> None:
    assert meanings("They met on Thursday, May 18, at noon.", date(2024, 1, 10)) == ["18 May 2023"]
    assert meanings("The fair is on Saturday, 13 January.", date(2024, 1, 10)) == ["13 January 2024"]


def test_each_day_of_a_sentence_goes_by_its_own_verb() -> None:
    text = "Officials said on Wednesday that schools will reopen on Monday, two days after they closed on Thursday."
    assert meanings(text) == ["20 September 2023", "25 September 2023", "21 September 2023"]


def test_a_year_at_the_start_of_a_sentence_holds_for_its_months() -> None:
    assert meanings("In 2019 she lost the seat in March. In May she moved.") == ["2019", "March 2019", "May 2023"]


# ── what belongs together, and what is left out ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("open since 2011", [("since 2011", "since 2011")]),
        ("open from 2011 onwards", [("from 2011 onwards", "since 2011")]),
        ("shut until May 2023", [("until May 2023", "until May 2023")]),
        ("shut before 1971.", [("before 1971", "until 1970")]),
        ("from 2011 to 2018", [("from 2011 to 2018", "2011–2018")]),
        ("between March and May 2022", [("between March and May 2022", "March–May 2022")]),
        ("28 December to 3 January 2022", [("28 December to 3 January 2022", "28 December 2021 – 3 January 2022")]),
        ("12 and 13 May 2023", [("12 and 13 May 2023", "12–13 May 2023")]),
        ("12 and 20 May 2023", [("20 May 2023", "20 May 2023")]),
        ("in 2012, 2014 and 2016", [("2012", "2012"), ("2014", "2014"), ("2016", "2016")]),
        ("in early 2020", [("early 2020", "early 2020")]),
        ("almost 20 years ago", [("almost 20 years ago", "about 2003")]),
        ("in around 2003,", [("around 2003", "about 2003")]),
        ("in the autumn of 2009", [("autumn of 2009", "autumn 2009")]),
        ("the '90s and the 1920s", [("90s", "the 1990s"), ("1920s", "the 1920s")]),
        ("It shook in 2009. A year later it fell.", [("2009", "2009"), ("A year later", "2010")]),
        ("Shut on 6 May, sold a week later.", [("6 May", "6 May 2023"), ("a week later", "about 13 May 2023")]),
        ("a year after the 2004 visit", [("a year after the 2004", "2005")]),
    ],
)  # fmt: skip
def test_words_that_belong_to_a_time(text: str, right: list[tuple[str, str]]) -> None:
    assert found(text) == right


@pytest.mark.parametrize(
    "text",
    [
        "He may resign, and soldiers march on.",
        "Theresa May, January Holt and April Jones met May Lee.",
        "The Sun, the Sunday Times and Mar Lodge.",
        "Some 2004 people paid $2004 or £1999 each.",
        "aged 57, for 20 years, a 20-year term, 7.8 points, open 24/7, after 9/11",
        "Call 555-2004 or 020 1998 2004.",
        "Flight 1989 left at 2030 GMT and climbed to 2000 feet.",
        "Every Friday, on Mondays, each Tuesday, a Black Friday sale.",
        "The second man took a second.",
        "on 09/10/2023, the 31 February 2023 and 30/02/2023",
        "The following day it rained.",
        "a few decades ago, in recent weeks, for years",
        "",
    ],
)
def test_what_only_looks_like_a_time(text: str) -> None:
    assert found(text) == []


def test_without_the_article_s_day_only_full_dates_are_known() -> None:
    text = "On Friday, last week, in May and on 12 May he said that in 2004, on 12 May 2023 and in June 2022 it rained."
    assert meanings(text, None) == ["2004", "12 May 2023", "June 2022"]
    assert not any(one.relative for one in mentions(text, None))


def test_mentions_are_in_order_apart_and_counted_in_code_points() -> None:
    sentences = [json.loads(line)["text"] for line in CASES.read_text(encoding="utf-8").splitlines()]
    pick = random.Random(7)
    for _ in range(200):
        text = "🙂 " + " ".join(pick.sample(sentences, 6))
        times = mentions(text, FRIDAY)
        assert all(one.start < one.end <= len(text) for one in times)
        assert all(one.end <= other.start for one, other in zip(times, times[1:], strict=False))
        assert not any(text[one.start].isspace() or text[one.end - 1].isspace() for one in times)
    (one,) = mentions("🙂🙂 on Friday", FRIDAY)
    assert "🙂🙂 on Friday"[one.start : one.end] == "Friday"


def test_the_cases_of_the_benchmark() -> None:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    assert len(cases) >= 300 and abs(sum(case["split"] == "held" for case in cases) - len(cases) / 2) <= 1
    right = {"build": 0, "held": 0}
    for case in cases:
        published = date.fromisoformat(case["published"]) if case["published"] else None
        wanted = tuple(date.fromisoformat(case[side]) if case[side] else None for side in ("start", "end"))
        at = case["text"].index(case["expression"])
        near = [
            one
            for one in mentions(case["text"], published)
            if one.start < at + len(case["expression"]) and at < one.end
        ]
        if case["expression"]:
            right[case["split"]] += any((one.period.start, one.period.end) == wanted for one in near)
        else:
            right[case["split"]] += not mentions(case["text"], published)
    for split, count in right.items():
        assert count / sum(case["split"] == split for case in cases) >= 0.95, split


@pytest.mark.parametrize(
    "piece", ["May ", "12 ", "1999-", "the the ", "in 2004, ", "on Friday ", "a week after ", "(((", "A" * 50 + "\n"]
)
def test_long_texts_of_one_kind_take_time_in_proportion(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        mentions(text, FRIDAY)
        return time.process_time() - start

    seconds(1_000)
    short, long = seconds(4_000), seconds(32_000)
    assert long < 40 * short + 0.2


# ── the day of an article ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "meta",
    [
        "2023-09-22", "2023-9-22", "2023/09/22", "2023.09.22", "20230922", "20230922T101500Z",
        "2023-09-22T23:30:00-05:00",
        "2023-09-22 10:00 +0200", "22 September 2023", "22nd of September 2023", "Sept. 22, 2023",
        "September 22, 2023, 14:05",
        "Fri Sep 22 10:00:00 2023", "Fri Sep 22 10:00:00 +0000 2023", "2023年9月22日", "1695376800", "1695376800123",
        "Fri, 22 Sep 2023 10:00:00 GMT", "22-SEP-2023", "22-Sep-2023 15:01:01.79",
        "22/09/2023", "09/22/2023", "22.09.2023",
        "Friday 22 September 2023", "22 septembre 2023", "22 de septiembre de 2023",
        "22. September 2023", date(2023, 9, 22),
        datetime(2023, 9, 22, 23, 30, tzinfo=timezone(timedelta(hours=-5))),
    ],
)  # fmt: skip
def test_the_day_in_front_matter(meta: str | date) -> None:
    assert published_day(meta=meta, name="a.md", text="x") == published_day(meta=FRIDAY, name="", text="")
    dated = published_day(meta=meta, name="2001-01-01.md", text="x")
    assert (dated.day, dated.origin, dated.sure) == (FRIDAY, "front matter", True)


@pytest.mark.parametrize(
    "meta", ["2023-09", "September 2023", "2023", "31 February 2023", "2023-02-31", "09/10/2023", "soon", "",
             "12345678901", "9999-01-01", "0001-01-01", "1 January 1066", date(1066, 1, 1), None]
)  # fmt: skip
def test_what_front_matter_does_not_tell(meta: str | date | None) -> None:
    dated = published_day(meta=meta, name="notes.md", text="Nothing here.")
    assert (dated.day, dated.origin, dated.sure) == (None, "", False)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("2023-09-22-visit.md", FRIDAY),
        ("visit_2023_09_22.txt", FRIDAY),
        ("20230922.md", FRIDAY),
        ("visit-20230922T1015.md", FRIDAY),
        ("202309221015.md", FRIDAY),
        ("22 September 2023.md", FRIDAY),
        ("visit-22-sept-2023.md", FRIDAY),
        ("1234567890123.md", None),
        ("20231322.md", None),
        ("2023-02-31.md", None),
        ("rtq00123.md", None),
        ("2023.md", None),
        ("98765432.md", None),
        ("stories.jsonl#12", None),
    ],
)
def test_the_day_in_a_file_name(name: str, right: date | None) -> None:
    dated = published_day(meta=None, name=name, text="Nothing here.")
    assert (dated.day, dated.origin) == (right, "file name" if right else "")


@pytest.mark.parametrize(
    ("text", "right", "origin", "sure"),
    [
        ("HANGZHOU, Sept 22, 2023 - The two met.", FRIDAY, "dateline", True),
        ("Two meet\n\nHANGZHOU, China, September 22, 2023 (Wire) — The two met.", FRIDAY, "dateline", True),
        ("HANGZHOU, Sept 22 - The two met.\n\nPicture of September 22, 2023.", FRIDAY, "dateline", False),
        ("HANGZHOU, Sept 22 - The two met.", None, "", False),
        ("Two meet\nPublished: 22 September 2023\n\nThey met in 2004.", FRIDAY, "byline", True),
        ("Two meet\nBy Ann Lee | Sept. 22, 2023\n\nThey met.", FRIDAY, "byline", True),
        ("Two meet\n\nSept. 22, 2023 Updated Sept. 25, 2023, 9:17 a.m. ET\n\nThey met.", FRIDAY, "byline", True),
        ("Updated 23 September 2023\nPublished 22 September 2023", FRIDAY, "byline", True),
        ("Updated 22 September 2023\n\nThey met.", FRIDAY, "byline", False),
        ("On 22 September 2023 the two met.", FRIDAY, "text", False),
        (
            "They met on Friday, September 22.\n" + "So it went on. " * 60 + "Picture: September 22, 2023",
            FRIDAY,
            "text",
            False,
        ),
        ("Born on 22 September 2003, she moved away.", None, "", False),
        ("The tax will rise on 22 September 2033.", None, "", False),
        ("They met in September 2023.", None, "", False),
        ("They met on 31 February 2023.", None, "", False),
    ],
)
def test_the_day_in_a_text(text: str, right: date | None, origin: str, sure: bool) -> None:
    dated = published_day(meta=None, name="notes.md", text=text)
    assert (dated.day, dated.origin, dated.sure) == (right, origin, sure)


# ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("question", "period", "relation", "spans"),
    [
        ("Who visited in 2022?", "2022", "in", ["in 2022"]),
        ("Who was mayor before 2011?", "2011", "before", ["before 2011"]),
        ("What changed after the 2011 election?", "2011", "after", ["after the 2011"]),
        ("How many have died since May?", "May 2023", "since", ["since May"]),
        ("Who ruled until March 2020?", "March 2020", "until", ["until March 2020"]),
        ("What happened between 2004 and 2023?", "2004–2023", "between", ["between 2004 and 2023"]),
        ("As of March 2023, who is mayor?", "March 2023", "as-of", ["As of March 2023"]),
        ("What happened last week?", "11–17 September 2023", "in", ["last week"]),
        ("Who left in the last year?", "22 September 2022 – 22 September 2023", "in", ["in the last year"]),
        ("who visited china in may 2023", "May 2023", "in", ["in may 2023"]),
        ("who resigned on friday?", "22 September 2023", "in", ["on friday"]),
        ("What happened before the war?", None, "before", ["before"]),
        ("Who came after the visit to Oslo?", None, "after", ["after"]),
        ("What was built between the wars?", None, "between", ["between"]),
        ("Who was the ship named after?", None, None, []),
        ("Who will appear before the court?", None, None, []),
        ("How may I help, and why march?", None, None, []),
    ],
)  # fmt: skip
def test_the_time_in_a_question(question: str, period: str | None, relation: str | None, spans: list[str]) -> None:
    asked = in_question(question, FRIDAY)
    assert (str(asked.period) if asked.period else None, asked.relation) == (period, relation)
    assert [question[start:end] for start, end in asked.spans] == spans


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("When did Assad last visit China?", "last"),
        ("When was the last time it rained?", "last"),
        ("What is the latest count?", "last"),
        ("Who most recently held the post?", "last"),
        ("When did it open for the first time?", "first"),
        ("Who was the first woman in the post?", "first"),
        ("Who was the previous mayor?", "previous"),
        ("When is the next election?", "next"),
        ("What is her last name?", None),
        ("At last, who won?", None),
        ("Who is the first lady?", None),
        ("Who owns First Bank?", None),
        ("Who runs the First Solar plant?", None),
        ("What happened last week?", None),
        ("What happened in the last three years?", None),
        ("How long did the siege last?", None),
        ("Who lives next to the mill?", None),
        ("What happened next week?", None),
    ],
)
def test_the_order_that_a_question_asks_for(question: str, order: str | None) -> None:
    assert in_question(question, FRIDAY).order == order


def test_the_window_of_a_question() -> None:
    def window(question: str) -> tuple[date | None, date | None]:
        days = in_question(question, FRIDAY).window
        assert days is not None
        return days.start, days.end

    assert window("Who was mayor before 2011?") == (None, date(2010, 12, 31))
    assert window("Who was mayor after May 2011?") == (date(2011, 6, 1), None)
    assert window("Who was mayor as of 2011?") == (None, date(2011, 12, 31))
    assert window("Who was mayor since 2011?") == (date(2011, 1, 1), None)
    assert window("Who was mayor in 2011?") == (date(2011, 1, 1), date(2011, 12, 31))
    assert in_question("Who was mayor before the war?", FRIDAY).window is None


def test_the_calendar_around_a_day() -> None:
    assert around(date(2024, 12, 31), "week") == Period(date(2024, 12, 30), date(2025, 1, 5), "week")
    assert around(date(2000, 1, 1), "century").end == date(2000, 12, 31)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Did it reopen on 1 May or on 6 June 2023?", ["1 May 2023", "6 June 2023"]),
        ("How big was the Friday rally in mid September 2023?", ["mid-September 2023"]),
        ("Was it in 2004 or 2005?", ["2004", "2005"]),
        ("Did they meet on 15 March of last year?", ["15 March 2023"]),
        ("What happened in March?", ["March 2024"]),
    ],
)
def test_all_times_of_a_question(question: str, expected: list[str]) -> None:
    assert [str(period) for period in in_question(question, date(2024, 6, 1)).periods] == expected


def test_what_was_to_have_been_looks_ahead() -> None:
    (found,) = mentions("He was to have spent 22 to 24 March in Alby.", date(2019, 3, 12))
    assert str(found.period) == "22–24 March 2019"


def test_what_was_declared_open_is_open() -> None:
    (found,) = mentions("He declared the Games open on Saturday.", date(2023, 9, 24))
    assert str(found.period) == "23 September 2023"
