"""A model's words read into statements, whole or arriving, and put on passages: tables of what comes in and out."""

from __future__ import annotations

from datetime import date

import pytest
from chat_server import hits

from dateline.chatmodels.briefing import brief, tokens
from dateline.chatmodels.grounding import ground
from dateline.chatmodels.replies import LONGEST, Said, plain, read, refuses_in_json
from dateline.question import understand

MARKED = [
    ("It opened. [1]", [Said("It opened.", (1,))]),
    ("It opened [1].", [Said("It opened.", (1,))]),
    ("It opened.[1][2] It closed [3].", [Said("It opened.", (1, 2)), Said("It closed.", (3,))]),
    ("In 2004 [1] and 2023 [2, 4-6], he came.", [Said("In 2004 and 2023, he came.", (1, 2, 4, 5, 6))]),
    ("- **Open** now [Passage 2]\n- Shut then (source 3)", [Said("Open now", (2,)), Said("Shut then", (3,))]),
    ("1. It opened 【4†source】.", [Said("It opened.", (4,))]),
    ("It opened.\n[1]", [Said("It opened.", (1,))]),
    ("The U.S. left in 1973. [1]", [Said("The U.S. left in 1973.", (1,))]),
    ('"We are all staying," he said. [1]', [Said('"We are all staying," he said.', (1,), ("We are all staying,",))]),
    ("He paid [sic] 5 crowns (in 2004).", [Said("He paid [sic] 5 crowns (in 2004).")]),
    ("<think>It sank. [9]</think>It opened. [1]", [Said("It opened.", (1,))]),
    ("<think>It sank and I go on", []),
    ("[1] [2]", []),
    ("", []),
]
JSON = [
    ('{"statements": [{"passage": 2, "quote": "q", "text": "It opened."}]}', [Said("It opened.", (2,), ("q",))]),
    ('```json\n{"statements": [{"passage": 2, "text": "It opened."}]}\n```', [Said("It opened.", (2,))]),
    ('{"statements":[{"passage":1,"quote":"q","text":"It opened [3]. It shut."}]}',
     [Said("It opened.", (1, 3), ("q",)), Said("It shut.", (1,), ("q",))]),
    ('{"statements": [{"passage": 1, "quote": "", "text": "A b."}, {"passage": 1, "quo', [Said("A b.", (1,))]),
    ('{"statements": [{"passage": true, "quote": 4, "text": "A b."}, 7]}', [Said("A b.")]),
    ('{"statements": [{"passage": 1, "text": null}]}', []),
    ('{"statements": []}', []),
    ('{"statements": ' + "[" * 5_000, []),
    ('{"other": 1}', []),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "said"), MARKED + JSON)
def test_a_reply_is_read_into_statements(reply: str, said: list[Said]) -> None:
    assert read(reply) == said


@pytest.mark.parametrize("reply", [reply for reply, _ in MARKED + JSON if len(reply) < 500])
def test_an_arriving_reply_only_grows(reply: str) -> None:
    before: list[Said] = []
    for length in range(len(reply) + 1):
        now = read(reply[:length], final=False)
        assert now[: len(before)] == before
        before = now
    assert read(reply)[: len(before)] == before


@pytest.mark.parametrize("reply", ["NOT IN THE ARTICLES", "not in the articles.", "**NOT IN THE ARTICLES**: nothing."])
def test_the_agreed_refusal_is_recognised(reply: str) -> None:
    assert read(reply)[0].refuses


def test_an_empty_list_refuses_and_broken_json_does_not() -> None:
    assert refuses_in_json(' ```{"statements": []}``` ') and not refuses_in_json('{"statements": [')
    assert not refuses_in_json('{"statements": [{"text": "x"}]}') and not refuses_in_json("[]")


def test_a_reply_without_end_is_read_to_its_limit() -> None:
    assert sum(len(said.text) for said in read("It opened. " * 50_000)) <= LONGEST


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![x](http://e.example/p.png)ok", "ok"),
        ("[ok](javascript:x)", "ok"),
        ("![ok][p]\n\n[p]: http://e.example/p.png", "[ok][p]"),
        ("o\u200bk\u202e \U000e0041", "ok"),
        ("# ok\n> `ok`", "ok\nok"),
        ("a\x1b[2Jb", "a[2Jb"),
    ],
)
def test_nothing_that_calls_out_or_hides_is_left(text: str, shown: str) -> None:
    assert plain(text).strip() == shown


# -- Put on passages --

FOUND = hits(
    "The bridge opened on Tuesday. It cost 12 million crowns. Mayor Ada Finch cut the ribbon.",
    "The river rose by three metres. Forty families left their homes. It was the worst flood in years.",
)


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        (Said("The bridge opened on 4 May 2021.", (1,)), "The bridge opened on Tuesday."),
        (  # "it" alone does not say what cost that
            Said("The bridge cost 12 million crowns.", (1,), ("12 million crowns",)),
            "The bridge opened on Tuesday. It cost 12 million crowns.",
        ),
        (Said("The river rose by 3 metres.", (1,)), "The river rose by three metres."),  # the marker was wrong
        (Said("The river rose by 3 metres.", (9, 0, -1)), "The river rose by three metres."),
        (Said("The river rose by 5 metres.", (2,)), None),
        (Said("The bridge opened on 5 May 2021.", (1,)), None),
        (Said("Tom Reed cut the ribbon.", (1,)), None),
        (Said('"It cost 12 million," she said.', (1,), ("It cost 12 million,",)), "It cost 12 million crowns."),
        (Said('"It cost nothing at all," she said.', (1,), ("It cost nothing at all,",)), None),
        (Said("Families left their homes.", ()), "Forty families left their homes."),
    ],
)  # fmt: skip
def test_a_statement_is_put_on_what_supports_it_or_on_nothing(said: Said, quote: str | None) -> None:
    claim = ground(said, FOUND)
    assert claim.text == said.text
    assert [quotation.quote for quotation in claim.quotations] == ([] if quote is None else [quote])


def test_what_a_model_wrote_is_known_as_its_own_words() -> None:
    assert ground(Said("Mayor Ada Finch cut the ribbon.", (1,)), FOUND).written


def test_a_statement_may_rest_on_two_sentences_side_by_side() -> None:
    claim = ground(Said("The bridge opened on Tuesday and cost 12 million crowns.", (1,)), FOUND)
    assert claim.quotations[0].quote == "The bridge opened on Tuesday. It cost 12 million crowns."


# -- What a model is given --


def test_the_best_passages_go_in_first_and_only_as_many_as_there_is_room_for() -> None:
    question = understand("When did the bridge open?", (), date(2024, 12, 20))
    many = hits(*(f"Passage {n}. " + "The bridge was painted again. " * 30 for n in range(30)))
    all_in = brief(question, many, 100_000, "markers")
    some = brief(question, many, 3_000, "markers")
    one = brief(question, many, 0, "markers")
    assert list(some.hits) == many[: len(some.hits)] and 1 < len(some.hits) < len(all_in.hits)
    assert some.tokens <= 3_000 and one.hits == (many[0],)


def test_the_same_words_are_sent_once_and_days_are_worked_out() -> None:
    question = understand("When did the bridge open?", (), date(2024, 12, 20))
    sent = brief(question, hits("It opened on Tuesday.", "It  opened on\nTuesday.", "It shut."), 5_000, "json")
    assert len(sent.hits) == 2
    assert '"Tuesday" is 4 May 2021' in sent.messages.user


def test_tokens_are_rather_counted_too_many() -> None:
    assert tokens("word " * 100) >= 100 and tokens("山" * 100) >= 100 and tokens("") >= 1
