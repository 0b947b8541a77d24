"""Follow-ups stand alone after the rewrite; what stands alone already comes back letter for letter."""

from __future__ import annotations

import time

import pytest

from dateline.followups.followup import Turn, stand_alone, turns
from index.errors import QuestionError

VISIT = {
    "question": "When did Ada Finch last visit Norway?",
    "answer": "On 3 May 2021 Ada Finch met the mayor of Bergen. [1]",
}
LED = {"question": "Who led the Elmford delegation?", "answer": "Deputy Mayor Tom Reed led it, on 4 May 2021. [1]"}
FLOOD = {
    "question": "How many people died in the flood in Elmford?",
    "answer": "Forty, said the town on 9 June 2022. [1]",
}
JOINED = {"question": "Which country joined the Grain Pact in January 2022?", "answer": "Norway joined it. [2]"}
TWO = {"question": "Did Norway and Sweden sign a grain treaty?", "answer": "Yes, on 3 May 2021. [1]"}
MAYOR = {"question": "Who is the mayor of Elmford?", "answer": "On Friday Ada Finch took office there. [1]"}
REPLACED = {"question": "Who replaced Tom Reed as mayor?", "answer": "In May 2021, Ada Finch took his place. [1]"}
CUP = {"question": "Who won the 2018 Elm Cup?", "answer": "Bergen won it. [1]"}
KING = {"question": "Who was king of Norway in 2004?", "answer": "Harald was. [1]"}
MET = {"question": "Where did Reed meet Ada Finch?", "answer": "They met in Bergen. [1]"}
WHAT = {"question": "What is ironwort?", "answer": ""}

REWRITES = [
    (VISIT, "And in 2004?", "When did Ada Finch visit Norway in 2004?"),
    (VISIT, "What about Sweden?", "When did Ada Finch last visit Sweden?"),
    (VISIT, "And in Sweden?", "When did Ada Finch last visit Sweden?"),
    (VISIT, "And Tom Reed?", "When did Tom Reed last visit Norway?"),
    (VISIT, "Why?", "Why did Ada Finch last visit Norway?"),
    (VISIT, "Why was that?", "Why did Ada Finch last visit Norway?"),
    (VISIT, "Who did she meet there?", "Who did Ada Finch meet in Norway?"),
    (VISIT, "Did she go there in 2022?", "Did Ada Finch go to Norway in 2022?"),
    (VISIT, "How old is she?", "How old is Ada Finch?"),
    (VISIT, "And what about her husband?", "And what about Ada Finch's husband?"),
    (VISIT, "And before that?", "When did Ada Finch visit Norway before 3 May 2021?"),
    (VISIT, "Who was king of Norway then?", "Who was king of Norway on 3 May 2021?"),
    (VISIT, "How long did that visit last?", "How long did Ada Finch's visit to Norway last?"),
    (LED, "When did he arrive?", "When did Deputy Mayor Tom Reed arrive?"),
    (FLOOD, "When did it happen?", "When did the flood in Elmford happen?"),
    (FLOOD, "And in Norway?", "How many people died in the flood in Norway?"),
    (FLOOD, "What was the cause?", "What was the cause of the flood in Elmford?"),
    (JOINED, "Who is its king?", "Who is Norway's king?"),
    (JOINED, "Why did it join?", "Why did Norway join?"),
    (TWO, "Where did they meet?", "Where did Norway and Sweden meet?"),
    (MAYOR, "Is she still in office?", "Is Ada Finch still in office?"),
    (MAYOR | {"answer": ""}, "Is she still in office?", "Is the mayor of Elmford still in office?"),
    ({"question": "Who is Elmford's mayor?"}, "When was he elected?", "When was Elmford's mayor elected?"),
    ({"question": "When did a mayor of Elmford resign?"}, "Why did he go?", "Why did the mayor of Elmford go?"),
    (REPLACED, "When did she resign?", "When did Ada Finch resign?"),
    (CUP, "Where was it held?", "Where was the 2018 Elm Cup held?"),
    (CUP, "And in 2014?", "Who won the 2014 Elm Cup?"),
    (CUP, "And before that?", "Who won the Elm Cup before 2018?"),
    (CUP, "What about last year?", "Who won the Elm Cup last year?"),
    (VISIT, "And what about Sweden?", "When did Ada Finch last visit Sweden?"),
    (VISIT, "And since then?", "When did Ada Finch visit Norway since 3 May 2021?"),
    (VISIT, "And the visit before that?", "When did Ada Finch visit Norway before 3 May 2021?"),
    (VISIT, "When was the first time?", "When did Ada Finch first visit Norway?"),
    (VISIT, "Has she been there since?", "Has Ada Finch been to Norway since?"),
    (VISIT, "What did she say during her visit?", "What did Ada Finch say during her visit to Norway?"),
    (MAYOR, "And before her?", "Who was the mayor of Elmford before Ada Finch?"),
    (MAYOR, "Who had the job before her?", "Who was the mayor of Elmford before Ada Finch?"),
    (KING, "And now?", "Who is king of Norway now?"),
    (KING, "And today?", "Who is king of Norway today?"),
    (KING, "And in Sweden?", "Who was king of Sweden in 2004?"),
    (KING, "Who was it before that?", "Who was king of Norway before 2004?"),
    (KING, "And after him?", "Who was king of Norway after Harald?"),
    (FLOOD, "How many were injured?", "How many people were injured in the flood in Elmford?"),
    (
        FLOOD,
        "How many of them were children?",
        "How many of the people that died in the flood in Elmford were children?",
    ),
    (
        {"question": "How many medals did Norway win at the Elm Games?"},
        "how many of those were gold?",
        "how many of the medals that Norway did win at the Elm Games were gold?",
    ),
    (MET, "What did they discuss?", "What did Reed and Ada Finch discuss?"),
    (
        {"question": "How many people died in the flood of 2022?"},
        "And in Elmford alone?",
        "How many people died in the flood of 2022 in Elmford alone?",
    ),
    ({"question": "Who won the vote of 2018?"}, "And in 2022?", "Who won the vote of 2022?"),
    ({"question": "When was the Duke of Elm in Elmford?"}, "Why did he come?", "Why did the Duke of Elm come?"),
    (WHAT, "How is it used?", "How is ironwort used?"),
    (WHAT, "What are the side effects?", "What are the side effects of ironwort?"),
]

ALONE = [
    "When did Ada Finch last visit Sweden?",
    "Who is the king of Norway?",
    "How many people died in the flood in Bergen?",
    "  Did Norway join the Grain Pact?  ",
    "Is it true that Norway joined the Grain Pact?",
    "How long does it take to get from Bergen to Oslo?",
    "Is there a treaty between Norway and Sweden?",
    "What did Tom Reed say when he arrived in Oslo?",
    "Did Norway raise its taxes in 2022?",
    "And who did Tom Reed meet in Oslo?",
    "Which ministers resigned in May 2021, and why did they do it?",
    "What did Tom Reed do during his visit?",
    "Before his trip of May 2021, when had the governor last been to Oslo?",
    "According to his own statement, where did Tom Reed go?",
    "What did the governor say when he crossed the bridge?",
    "When did Norway and Sweden sign their treaty?",
    "When was Tom Reed in Oslo before the holiday there?",
    "Was it known where Tom Reed had gone?",
    "How many people rode in the cable car in its first summer?",
    "How many of the medals were won in Oslo?",
    "Of the 40 people in the boat, how many of them were children?",
    "Who was king of Norway before Harald?",
    "Who won the 2018 Elm Cup?",
    "Did she go with him?",  # two people, and no telling who is who
    "",
    "???",
]


@pytest.mark.parametrize(("turn", "question", "expected"), REWRITES)
def test_a_follow_up_is_made_to_stand_alone(turn: dict[str, str], question: str, expected: str) -> None:
    assert stand_alone(question, [{"answer": "", **turn}]) == expected


@pytest.mark.parametrize("question", ALONE)
@pytest.mark.parametrize("turn", [VISIT, FLOOD, WHAT], ids=["visit", "flood", "what"])
def test_a_question_that_stands_alone_is_left_alone(turn: dict[str, str], question: str) -> None:
    assert stand_alone(question, [turn]) == question


@pytest.mark.parametrize(
    ("turn", "question"),
    [
        (MET, "How did it end?"),  # not Reed: who meets somebody is no "it"
        (CUP, "How many of them were children?"),
        (FLOOD, "How many were injured in Norway?"),
        (FLOOD, "How many visits?"),
        (FLOOD, "How many houses?"),
        (FLOOD, "What about the previous one?"),
        ({"question": "How much did the bridge cost?", "answer": "Forty million. [1]"}, "When was that?"),
        ({"question": "How many people died in the spring of 2022?", "answer": ""}, "And before that?"),
        ({"question": "How many people left between 2004 and 2008?", "answer": ""}, "And in 2010?"),
        ({"question": "Why did Tom Reed resign?", "answer": "On 3 May 2021 he lost a vote. [1]"}, "And before that?"),
        (VISIT, "Since when?"),
        (MAYOR | {"answer": ""}, "Who was it before that?"),
        ({"question": "When was Tom Reed elected?", "answer": "In May. [1]"}, "Who else went there?"),
    ],
)
def test_what_a_word_stands_for_is_not_guessed(turn: dict[str, str], question: str) -> None:
    assert stand_alone(question, [turn]) == question


def test_a_chain_of_follow_ups_carries_the_topic_on() -> None:
    history = [VISIT, {"question": "And Sweden?", "answer": "In 2019."}]
    assert stand_alone("Who did she meet there?", history) == "Who did Ada Finch meet in Sweden?"
    assert stand_alone("And Denmark?", history) == "When did Ada Finch last visit Denmark?"


def test_the_year_before_is_worked_out() -> None:
    history = [("Who won the Elm regatta in 2023?", "Bergen won. [1]")]
    assert stand_alone("And the year before?", history) == "Who won the Elm regatta in 2022?"


def test_history_comes_in_three_shapes() -> None:
    question = "Who did she meet there?"
    pair = (VISIT["question"], VISIT["answer"])
    shapes = [VISIT, pair, list(pair), Turn(*pair), VISIT | {"extra": "kept out"}]
    assert {stand_alone(question, [shape]) for shape in shapes} == {"Who did Ada Finch meet in Norway?"}
    assert turns([{"question": "Why?", "answer": None}]) == (Turn("Why?", ""),)
    assert stand_alone("Who is she?", []) == "Who is she?"


@pytest.mark.parametrize("entry", ["Why?", {"question": 3, "answer": ""}, ("a", "b", "c"), {"q": "Why?"}, 7, (1, 2)])
def test_a_history_of_another_shape_is_named(entry: object) -> None:
    with pytest.raises(QuestionError, match="history, turn 2"):
        stand_alone("Why?", [VISIT, entry])  # type: ignore[list-item]


@pytest.mark.parametrize("text", ["it " * 5_000, "(" * 20_000, "What about " + "a " * 9_000, "and in " * 4_000 + "?"])
def test_odd_input_takes_no_time(text: str) -> None:
    began = time.process_time()
    stand_alone(text, [(text, text)] * 12)
    stand_alone("What about it?", [(text, text)] * 12)
    assert time.process_time() - began < 3
