"""Who holds an office: read off sentences, put in order, asked about."""

from __future__ import annotations

from datetime import date

import pytest
from towns import article, told

from dateline.builtin.holders import line
from dateline.builtin.incumbents import answer, asked
from dateline.builtin.tenures import statements
from dateline.offices import Office
from dateline.question import understand
from index.periods import Period

MAYOR = Office(("mayor",), frozenset(), (("Alby",),))
ALBY = (
    article("2015-06-02", "Hanna Roth was elected mayor of Alby on Sunday. She beat Karl Voss."),
    article("2019-03-09", "ALBY - Hanna Roth resigned as mayor of Alby on Friday. Her deputy, Ivo Penn, said nothing."),
    article("2019-03-12", "ALBY - Ivo Penn will carry out the mayor's duties until the vote in May."),
    article("2019-05-20", "Lena Dahl became mayor of Alby on Sunday, succeeding Hanna Roth."),
    article("2021-01-10", "Mayor Lena Dahl of Alby met the mayor of Norby, Olaf Brink, for lunch on Friday."),
)


@pytest.mark.parametrize(
    ("sentence", "name", "status", "acting"),
    [
        ("Mayor Lena Dahl said no.", "Lena Dahl", "holds", False),
        ("The mayor of Alby, Lena Dahl, said no.", "Lena Dahl", "holds", False),
        ("Lena Dahl, the mayor of Alby, said no.", "Lena Dahl", "holds", False),
        ("Alby's acting mayor, Ivo Penn, said no.", "Ivo Penn", "holds", True),
        ("Lena Dahl was sworn in as mayor of Alby on Monday.", "Lena Dahl", "takes", False),
        ("The council appointed Lena Dahl as mayor of Alby.", "Lena Dahl", "takes", False),
        ("Lena Dahl, whose party won in May, became mayor of Alby.", "Lena Dahl", "takes", False),
        ("The former mayor of Alby, Hanna Roth, was there.", "Hanna Roth", "leaves", False),
        ("Hanna Roth stepped down as mayor of Alby.", "Hanna Roth", "leaves", False),
        ("Ivo Penn is doing the mayor's work in Alby.", "Ivo Penn", "holds", True),
        ("Lena Dahl will become mayor of Alby next week.", "Lena Dahl", "due", False),
        ("Lena Dahl becomes mayor of Alby on Friday.", "Lena Dahl", "due", False),
    ],
)
def test_what_a_sentence_says_of_an_office(sentence: str, name: str, status: str, acting: bool) -> None:
    (telling,) = told(article("2020-02-03", sentence, title="Alby"))
    (found,) = statements(MAYOR, telling)
    assert (found.name, found.status, found.acting) == (name, status, acting)


@pytest.mark.parametrize(
    "sentence",
    [
        "The deputy mayor of Alby, Ivo Penn, said no.",
        "Lena Dahl was never elected mayor of Alby.",
        "The mayor's brother, Jon Dahl, said no.",
    ],
)
def test_what_says_nothing_of_the_holder(sentence: str) -> None:
    (telling,) = told(article("2020-02-03", sentence, title="Alby"))
    assert not list(statements(MAYOR, telling))


def test_another_towns_mayor_is_left_out() -> None:
    known = line(MAYOR, told(*ALBY))
    assert {holder.name for holder in known.holders} == {"Hanna Roth", "Ivo Penn", "Lena Dahl"}


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who is the mayor of Alby?", "Lena Dahl"),
        ("Who was mayor of Alby in 2017?", "Hanna Roth"),
        ("Who was the mayor of Alby on 1 April 2019?", "Ivo Penn"),
        ("Who was mayor of Alby before Lena Dahl?", "Ivo Penn"),
        ("Is Hanna Roth still mayor of Alby?", "No"),
        ("Is Lena Dahl the mayor of Alby?", "Yes"),
        ("When did Lena Dahl become mayor of Alby?", "19 May 2019"),
        ("When did Hanna Roth step down as mayor of Alby?", "8 March 2019"),
    ],
)
def test_questions_about_an_office(question: str, short: str) -> None:
    understood = understand(question, asked=date(2021, 6, 1))
    office = asked(understood)
    assert office
    draft = answer(understood, office, told(*ALBY))
    assert draft and draft.short == short
    assert all(claim.quotations for claim in draft.claims)


def test_an_office_left_empty_is_said_to_be() -> None:
    gone = article("2021-05-04", "ALBY - Lena Dahl resigned as mayor of Alby on Monday.")
    understood = understand("Who is the mayor of Alby?", asked=date(2021, 6, 1))
    office = asked(understood)
    assert office
    draft = answer(understood, office, told(*ALBY, gone))
    assert draft and draft.short is None
    assert draft.reason == "Lena Dahl left on 3 May 2021, and none names who came after"


def test_an_office_regained_and_one_ended_by_death() -> None:
    back = article("2022-05-23", "ALBY - Hanna Roth was sworn in as mayor of Alby on Monday, succeeding Lena Dahl.")
    dead = article("2023-01-11", "ALBY - Hanna Roth died on Tuesday. She was mayor of Alby.")
    after = article("2023-02-01", "Mayor Hanna Roth of Alby is missed.")
    known = line(MAYOR, told(*ALBY, back))
    assert [holder.name for holder in known.holders].count("Hanna Roth") == 2
    assert known.now() is known.holders[-1]
    assert line(MAYOR, told(*ALBY, back, dead, after)).now() is None


LAND = (
    article("2020-01-07", "NORBY - Finance Minister Hanna Roth of Sealand and Trade Minister Jon Moe met on Monday."),
    article("2021-10-21", "Hanna Roth resigned as finance minister of Sealand on Thursday."),
    article("2021-12-06", "Ivo Penn, who has been running the Finance Ministry since October, goes back to his desk."),
    article("2022-01-18", "SEALAND - Lena Dahl was sworn in as finance minister on Monday."),
    article("2022-11-07", "Ada Finch was elected president of Sealand on Sunday. She takes office on 15 January."),
    article("2022-12-20", "President Olaf Brink of Sealand vetoed the budget."),
    article("2023-01-16", "SEALAND - Ada Finch was sworn in as president of Sealand on Sunday."),
    article("2023-02-03", "The president of Norland, Rolf Quist, met President Ada Finch of Sealand on Friday."),
)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who ran the Finance Ministry before Lena Dahl?", "Ivo Penn"),
        ("Who is in charge of Sealand's finance ministry?", "Lena Dahl"),
        ("Which minister is responsible for finance?", "Lena Dahl"),
        ("Is Hanna Roth finance minister?", "No"),
        ("When did Ada Finch become president?", "15 January 2023"),
        ("When did Ada Finch's presidency begin?", "15 January 2023"),
        ("Who was president of Sealand on 20 December 2022?", "Olaf Brink"),
        ("Who is the president of Norland?", "Rolf Quist"),
        ("Who is president of Sealand?", "Ada Finch"),
    ],
)
def test_offices_of_a_country(question: str, short: str) -> None:
    understood = understand(question, asked=date(2023, 6, 1))
    office = asked(understood)
    assert office
    draft = answer(understood, office, told(*LAND))
    assert draft and draft.short == short


@pytest.mark.parametrize(
    "question",
    ["Who is the president of the United States of cheese makers?", "When did Dahl visit Norby?", "Who won?"],
)
def test_what_is_no_question_about_a_known_office(question: str) -> None:
    understood = understand(question)
    office = asked(understood)
    draft = office and answer(understood, office, told(*ALBY))
    assert not (draft and draft.short)


@pytest.mark.parametrize(
    ("question", "short"),
    [("Which office does Lena Dahl hold?", "mayor"), ("What post did Hanna Roth hold in 2016?", "mayor")],
)
def test_the_office_of_a_person(question: str, short: str) -> None:
    understood = understand(question, asked=date(2021, 6, 1))
    office = asked(understood)
    assert office
    draft = answer(understood, office, told(*ALBY))
    assert draft and draft.short == short


MUSEUM = (
    article("2012-03-06", "VELM - Ada Noor has headed the Velm Museum since 2009, longer than anyone."),
    article(
        "2016-09-02",
        "VELM - The board of the Velm Museum removed its director, Ada Noor, on Thursday. Her place goes to Tom Rask.",
    ),
    article("2018-05-05", "Tom Rask, who has been in charge of the Velm Museum for two years, opened the show."),
    article("2019-10-11", "VELM - Ada Noor is director of the Velm Museum once more, from Thursday. Rask goes home."),
    article(
        "2022-01-15",
        "VELM - On Friday Ada Noor handed over to Ines Falk, until now the keeper of prints at the Velm Museum.",
    ),
    article("2022-01-16", "In Norby, Mayor Olaf Brink was beaten on Saturday by the baker Siv Lund."),
)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who runs the Velm Museum?", "Ines Falk"),
        ("Who is in charge of the Velm Museum now?", "Ines Falk"),
        ("Who headed the Velm Museum in May 2018?", "Tom Rask"),
        ("director of the velm museum in 2010?", "Ada Noor"),
        ("Who was director of the Velm Museum between Noor's two terms?", "Tom Rask"),
        ("Who succeeded Ada Noor at the Velm Museum?", "Ines Falk"),
        ("Who did Siv Lund beat in Norby?", "Olaf Brink"),
        ("Who is Ines Falk's predecessor?", "Ada Noor"),
    ],
)
def test_who_leads_a_body_by_whatever_name(question: str, short: str) -> None:
    told_of = told(*MUSEUM)
    understood = understand(question, asked=date(2022, 6, 1)).named_as(one.text for one in told_of)
    office = asked(understood)
    assert office
    draft = answer(understood, office, told_of)
    assert draft and draft.short == short


def test_who_has_died_is_followed_by_who_came_then() -> None:
    articles = (
        article("2015-06-02", "Hanna Roth was elected mayor of Alby on Sunday."),
        article("2016-02-02", "Ivo Penn, who has run the town as mayor of Alby before, opened the fair."),
        article("2022-11-10", "Hanna Roth, the mayor who led Alby through the flood of last year, died on Wednesday."),
        article("2022-11-11", "Lena Dahl will carry out the mayor's duties in Alby."),
    )
    known = line(MAYOR, told(*articles))
    roth = known.holder("Hanna Roth")
    assert roth and roth.left and roth.left.day == date(2022, 11, 9)
    after = known.beside("Hanna Roth", 1)
    assert after and after.name == "Lena Dahl"


def test_who_is_seen_in_office_long_after_a_time_did_not_hold_it_then() -> None:
    known = line(MAYOR, told(article("2021-01-10", "Mayor Lena Dahl of Alby opened the fair on Friday.")))
    assert known.at(Period(date(2019, 5, 1), date(2019, 5, 31), "month")) is None
    assert known.at(Period(date(2020, 12, 1), date(2020, 12, 31), "month")) is not None


def test_the_end_of_one_office_is_not_the_end_of_another() -> None:
    told_of = told(
        article(
            "2024-11-21", "Lena Dahl has been minister of justice since Tuesday. She gave up the post of mayor of Alby."
        )
    )
    for question, short in (("Who is minister of justice?", "Lena Dahl"), ("Is Lena Dahl still mayor of Alby?", "No")):
        understood = understand(question, asked=date(2024, 12, 1))
        office = asked(understood)
        assert office
        draft = answer(understood, office, [*told(*ALBY[3:]), *told_of])
        assert draft and draft.short == short
