"""Chat models over real HTTP: what comes back from good servers, and one clear line for each way to fail."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from chat_server import GOOD, Misbehaving, hits, llama

from dateline.builtin.quotes import Quotes
from dateline.chatmodels import replies
from dateline.chatmodels.chat import ChatModel, models_offered
from dateline.chatmodels.checking import check
from dateline.chatmodels.grounding import ground
from dateline.chatmodels.server import Server
from dateline.chatmodels.standing import NOT_SAID, SURE, UNPROVED
from dateline.followups.followup import stand_alone
from dateline.model import Draft
from dateline.question import Question, understand
from index.errors import ModelError

BRIDGE = (
    "The new Mill Bridge in Elmford opened on Tuesday. Mayor Ada Finch cut the ribbon in the rain.\n\n"
    "It cost 12 million crowns, two million more than planned."
)
FLOOD = "The river Elm rose by three metres and closed Mill Bridge. Mayor Ada Finch said that 40 families had left."


@pytest.fixture(scope="module")
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as started:
        yield started


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr("dateline.chatmodels.endpoint._PAUSES", (0.01, 0.02))


def question(text: str = "When did Mill Bridge open?") -> Question:
    return understand(text, (), date(2024, 12, 20))


def drafts(server: Misbehaving, behaviour: str, **options: float) -> list[Draft]:
    model = ChatModel("small-chat", base_url=server.at(behaviour), **options)  # type: ignore[arg-type]
    return list(model.draft(question(), hits(BRIDGE, FLOOD)))


def failure(server: Misbehaving, behaviour: str, **options: float) -> str:
    with pytest.raises(ModelError) as caught:
        drafts(server, behaviour, **options)
    message = str(caught.value)
    assert "\n" not in message and len(message) < 400
    return message


# -- Good servers --


def test_statements_arrive_one_by_one_each_with_its_quotation(server: Misbehaving) -> None:
    grown = drafts(server, "good")
    assert [len(draft.claims) for draft in grown] == sorted(len(draft.claims) for draft in grown)
    first, last = grown[0], grown[-1]
    assert first.claims == last.claims[: len(first.claims)] and len(first.claims) < len(last.claims)
    assert [claim.text for claim in last.claims] == [
        "The new Mill Bridge in Elmford opened on 4 May 2021.",
        "Mayor Ada Finch cut the ribbon.",
    ]
    assert [claim.quotations[0].quote for claim in last.claims] == [
        "The new Mill Bridge in Elmford opened on Tuesday.",
        "Mayor Ada Finch cut the ribbon in the rain.",
    ]


def test_structured_output_is_read_and_its_quotations_are_found(server: Misbehaving) -> None:
    last = drafts(server, "json")[-1]
    assert [claim.quotations[0].quote for claim in last.claims] == [
        "The new Mill Bridge in Elmford opened on Tuesday.",
        "It cost 12 million crowns, two million more than planned.",
    ]
    asked = server.asked["json"][-1]
    assert asked["response_format"]["json_schema"]["schema"]["required"] == ["statements", "short"]


def test_a_server_without_schema_or_settings_is_asked_again_in_its_own_way(server: Misbehaving) -> None:
    model = ChatModel("small-chat", base_url=server.at("plain-only"))
    for _ in range(2):
        assert list(model.draft(question(), hits(BRIDGE)))[-1].claims[0].quotations
    bodies = server.asked["plain-only"]
    assert len(bodies) == 6  # four refusals once, then one request a question
    assert "max_completion_tokens" in bodies[-1] and "temperature" not in bodies[-1]
    assert "[2]" in bodies[-1]["messages"][0]["content"] and '"statements"' not in bodies[-1]["messages"][0]["content"]


@pytest.mark.parametrize("behaviour", ["refuses", "json-none"])
def test_not_in_the_articles_is_a_reason_and_no_statement(server: Misbehaving, behaviour: str) -> None:
    model = ChatModel("small-chat", base_url=server.at(behaviour))
    *_, last = model.draft(question("Why was Mill Bridge painted in Elmford?"), hits(BRIDGE, FLOOD))
    assert last.reason == NOT_SAID and not last.claims


def test_a_refusal_does_not_stand_against_an_answer_that_the_built_in_reader_is_sure_of(server: Misbehaving) -> None:
    last = drafts(server, "refuses")[-1]
    assert last.short == "4 May 2021" and last.confidence and last.confidence >= SURE


def test_what_a_reasoning_model_thinks_aloud_is_not_said(server: Misbehaving) -> None:
    assert [claim.text for claim in drafts(server, "thinks")[-1].claims] == [
        claim.text for claim in drafts(server, "good")[-1].claims
    ]


def test_inventions_have_no_quotation_and_a_wrong_marker_is_put_right(server: Misbehaving) -> None:
    invented, true, *_ = drafts(server, "invents")[-1].claims
    assert invented.quotations == ()
    assert true.quotations[0].quote == "The new Mill Bridge in Elmford opened on Tuesday."


def test_in_the_place_of_a_lie_stands_the_built_in_answer(server: Misbehaving) -> None:
    lie, *others = drafts(server, "lies")[-1].claims
    *_, built_in = Quotes().draft(question(), hits(BRIDGE, FLOOD))
    assert not lie.quotations and tuple(others) == built_in.claims
    assert drafts(server, "lies")[-1].short == built_in.short == "4 May 2021"


def test_an_answer_without_any_proof_is_a_refusal(server: Misbehaving) -> None:
    model = ChatModel("small-chat", base_url=server.at("lies"))
    *_, last = model.draft(question("Why was Mill Bridge painted in Elmford?"), hits(BRIDGE, FLOOD))
    assert last.claims and not last.claims[0].quotations and last.reason == UNPROVED


def test_the_model_is_told_what_the_built_in_reader_found_and_the_days_in_order(server: Misbehaving) -> None:
    model = ChatModel("small-chat", base_url=server.at("good"))
    earlier = "The first Mill Bridge in Elmford opened on 3 June 1888."
    list(model.draft(question(), hits(BRIDGE, earlier)))
    lines = server.asked["good"][-1]["messages"][1]["content"].splitlines()
    days = [line.partition(" day: ")[2] for line in lines if " day: " in line]
    assert [day.partition(",")[0] for day in days] == ["3 June 1888", "4 May 2021"]
    found = [line.partition(" first reading")[2] for line in lines if " first reading" in line]
    assert any("opened on Tuesday." in line for line in found) and found[-1] == ", in short: 4 May 2021"


def test_the_bare_answer_is_one_that_the_statements_give(server: Misbehaving) -> None:
    assert drafts(server, "good")[-1].short == "4 May 2021"
    model = ChatModel("small-chat", base_url=server.at("in-short"))
    *_, last = model.draft(question("Who cut the ribbon of Mill Bridge?"), hits(BRIDGE, FLOOD))
    assert last.short and "Ada Finch" in last.short
    boasting = ChatModel("small-chat", base_url=server.at("in-short-falsely"))
    *_, last = boasting.draft(question("Who cut the ribbon of Mill Bridge?"), hits(BRIDGE, FLOOD))
    assert "Reed" not in (last.short or "")


def test_a_statement_that_fails_is_tried_with_another_of_the_hits(server: Misbehaving) -> None:
    model = ChatModel("small-chat", base_url=server.at("good"), context=1100)  # room for one passage or two
    elsewhere = [*hits(*(f"{n} {FLOOD} {FLOOD} {FLOOD}" for n in range(3))), *hits(BRIDGE)]
    *_, last = model.draft(question(), elsewhere)
    sent = server.asked["good"][-1]["messages"][1]["content"]
    assert [claim.quotations[0].quote for claim in last.claims if claim.quotations][1].startswith("Mayor Ada Finch cut")
    assert sent.count(" passage ") < 10


def test_what_it_took_is_counted_and_priced(server: Misbehaving, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = drafts(server, "good")[-1].usage
    assert usage and usage.tokens_in and usage.tokens_out == len(GOOD) // 4 and usage.first_word
    assert usage.price is None and not usage.kept
    monkeypatch.setenv("DATELINE_PRICE", "2,10")
    priced = drafts(server, "good")[-1].usage
    assert priced and priced.price == pytest.approx((2 * usage.tokens_in + 10 * usage.tokens_out) / 1_000_000)
    monkeypatch.setenv("DATELINE_PRICE", "much")
    with pytest.raises(ModelError, match="DATELINE_PRICE"):
        ChatModel("small-chat", base_url=server.at("good"))


def test_a_reply_is_kept_by_what_was_asked(server: Misbehaving, tmp_path: Path) -> None:
    def ask(behaviour: str, *texts: str) -> Draft:
        model = ChatModel("small-chat", base_url=server.at(behaviour), keep=tmp_path)
        return list(model.draft(question(), hits(*texts)))[-1]

    first, asked = ask("good", BRIDGE, FLOOD), len(server.asked["good"])
    again = ask("good", BRIDGE, FLOOD)
    assert len(server.asked["good"]) == asked and again.claims == first.claims and again.short == first.short
    assert again.usage and again.usage.kept and first.usage and not first.usage.kept
    ask("good", BRIDGE)  # other passages
    assert len(server.asked["good"]) == asked + 1
    for file in tmp_path.rglob("*.json"):
        file.write_text("{", encoding="utf-8")
    assert ask("good", BRIDGE).claims  # what is damaged is asked anew
    assert len(server.asked["good"]) == asked + 2
    for _ in range(2):
        with pytest.raises(ModelError):
            ask("cut", BRIDGE)
    assert len(server.asked["cut"]) >= 2  # half an answer is not kept


def test_without_hits_nobody_is_asked(server: Misbehaving) -> None:
    model = ChatModel("small-chat", base_url=server.at("never-asked"))
    [draft] = model.draft(question(), [])
    assert draft.reason and "never-asked" not in server.asked


def test_about_a_name_that_no_article_has_nobody_is_asked(server: Misbehaving) -> None:
    model = ChatModel("small-chat", base_url=server.at("never-asked"))
    [draft] = model.draft(question("When did Ada Finch visit Norway?"), hits(BRIDGE))
    assert draft.reason == "no passage found speaks of Norway" and "never-asked" not in server.asked


def test_too_many_passages_are_made_fewer_once(server: Misbehaving) -> None:
    model = ChatModel("small-chat", base_url=server.at("small"))
    many = hits(BRIDGE, *(f"{number} {FLOOD}" for number in range(11)))
    assert list(model.draft(question(), many))[-1].claims[0].quotations
    prompts = [body["messages"][1]["content"] for body in server.asked["small"]]
    assert len(prompts) == 2 and len(prompts[1]) < len(prompts[0])
    assert BRIDGE.splitlines()[0] in prompts[1]  # the best passage stays


def test_stopping_hangs_up_on_the_server(server: Misbehaving) -> None:
    model = ChatModel("small-chat", base_url=server.at("endless"))
    growing = model.draft(question(), hits(BRIDGE))
    assert next(draft for draft in growing if draft.claims)
    server.hung_up.clear()
    growing.close()  # type: ignore[attr-defined]
    assert server.hung_up.wait(5)


@pytest.mark.parametrize("behaviour", ["thinking", "alive-only"])
def test_it_can_be_stopped_before_the_first_word(server: Misbehaving, behaviour: str) -> None:
    model = ChatModel("small-chat", base_url=server.at(behaviour))
    waiting = model.draft(question(), hits(BRIDGE))
    assert not next(waiting).claims  # a sign of life, so that whoever asks can look whether to go on
    while behaviour not in server.asked:
        next(waiting)
    server.hung_up.clear()
    waiting.close()  # type: ignore[attr-defined]
    assert server.hung_up.wait(5)


def test_a_model_that_never_ends_is_ended(server: Misbehaving) -> None:
    assert "had not finished after 0.5 s" in failure(server, "endless", longest=0.5)


# -- Bad servers --


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("wrong-key", "key was refused"),
        ("no-model", "it offers: small-chat, large-chat"),
        ("failing", "out of memory at line 3"),
        ("poor", "quota"),
        ("html", "/v1"),
        ("garbled", "no chat answer"),
        ("cut", "in the middle"),
        ("cut-softly", "in the middle"),
        ("breaks", "out of memory"),
        ("empty", "empty answer"),
        ("blank", "empty answer"),
        ("json-cut", "can't be read"),
        ("json-other", "can't be read"),
        ("tiny", "context"),
    ],
)
def test_each_failure_is_one_clear_line(server: Misbehaving, behaviour: str, words: str) -> None:
    message = failure(server, behaviour)
    assert words in message and "small-chat" in message
    assert "sk-se" not in message


def test_a_server_that_is_starting_is_asked_again(server: Misbehaving) -> None:
    assert drafts(server, "failing-twice")[-1].claims
    assert len(server.asked["failing-twice"]) == 3


def test_a_server_that_keeps_failing_is_asked_three_times(server: Misbehaving) -> None:
    before = len(server.asked.get("failing", []))
    failure(server, "failing")
    assert len(server.asked["failing"]) == before + 3


@pytest.mark.parametrize("behaviour", ["hanging", "stalls"])
def test_a_hanging_server_is_waited_for_once(server: Misbehaving, behaviour: str) -> None:
    began = time.monotonic()
    assert "no answer within 0.3 s" in failure(server, behaviour, timeout=0.3)
    assert time.monotonic() - began < 3
    assert len(server.asked[behaviour]) == 1


def test_a_server_that_only_says_it_is_alive_is_left(server: Misbehaving) -> None:
    assert "had not finished" in failure(server, "alive-only", longest=0.6)


def test_a_dead_server_is_named_with_what_mends_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    model = ChatModel("m", base_url=f"http://user:secret@127.0.0.1:{port}/v1")
    with pytest.raises(ModelError, match=f"127.0.0.1:{port}/v1: can't be reached.*OPENAI_BASE_URL") as caught:
        list(model.draft(question(), hits(BRIDGE)))
    assert "secret" not in str(caught.value)


def test_after_a_failure_the_next_question_works(server: Misbehaving) -> None:
    failure(server, "cut")
    assert drafts(server, "good")[-1].claims


# -- Names, keys, lists --


def test_a_model_without_any_server_is_refused() -> None:
    with pytest.raises(ModelError, match="OPENAI_BASE_URL"):
        ChatModel("gpt-x")


def test_the_environment_names_the_server(server: Misbehaving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.at("good"))
    assert list(ChatModel("small-chat").draft(question(), hits(BRIDGE)))[-1].claims
    assert models_offered() == ["small-chat", "large-chat"]


def test_a_key_alone_lists_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert models_offered() == []


@pytest.mark.parametrize("behaviour", ["wrong-key", "html"])
def test_a_server_that_lists_nothing_says_why(server: Misbehaving, behaviour: str) -> None:
    with pytest.raises(ModelError):
        models_offered(server.at(behaviour))


def test_follow_ups_are_rewritten_by_the_model(server: Misbehaving) -> None:
    model = ChatModel("small-chat", base_url=server.at("rewrites"))
    history = [{"question": "When did Mill Bridge open?", "answer": "On 4 May 2021."}]
    rewritten = model.rewrite("Who opened it?", history)
    assert rewritten.text == "Who opened Mill Bridge?" and rewritten.usage and rewritten.usage.tokens_in
    asked = server.asked["rewrites"][-1]["messages"][1]["content"]
    assert "When did Mill Bridge open?" in asked and "On 4 May 2021." in asked
    assert model.rewrite("Why?", []).text == "Why?"


@pytest.mark.parametrize("behaviour", ["good", "rewrites-with-more", "empty"])
def test_a_rewrite_that_says_what_nobody_said_is_made_by_rule(server: Misbehaving, behaviour: str) -> None:
    model = ChatModel("small-chat", base_url=server.at(behaviour))
    history = [{"question": "When did Mill Bridge open?", "answer": "On 4 May 2021."}]
    assert model.rewrite("Who opened it?", history).text == stand_alone("Who opened it?", history) != "Who opened it?"


# -- A .gguf file --


def test_a_gguf_file_that_is_not_there_or_none(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such file"):
        ChatModel(str(tmp_path / "none.gguf"))
    (tmp_path / "text.gguf").write_text("hello", encoding="utf-8")
    with pytest.raises(ModelError, match="not a GGUF file"):
        ChatModel(str(tmp_path / "text.gguf"))
    (tmp_path / "broken.gguf").write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(ModelError, match="can't load it"):
        Server(str(tmp_path / "broken.gguf")).base_url()


def test_a_gguf_file_is_called_by_its_name_wherever_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF" + bytes(64))
    monkeypatch.setattr("dateline.chatmodels.server.PACKAGE", "json")  # one that is there: none is started
    model = ChatModel(str(tmp_path / "model.gguf"))
    assert (model.called, model.name) == ("model.gguf", str(tmp_path / "model.gguf"))


def test_a_gguf_file_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF" + bytes(64))
    monkeypatch.setattr("dateline.chatmodels.server.PACKAGE", "xllamacpp_that_is_not_installed")
    with pytest.raises(ModelError, match="pip install"):
        ChatModel(str(tmp_path / "model.gguf"))


@pytest.mark.parametrize("form", ["json", "markers"])
def test_a_gguf_file_links_nothing_unfounded(form: Literal["json", "markers"]) -> None:
    model = llama()
    model._form = form
    passages = hits(BRIDGE)
    reply = ""
    try:
        for heard in model._heard(question(), passages, Draft()):
            reply = heard.text
    except ModelError as error:  # a model of 135 million parameters may well never come to an end
        assert "nothing whole" in str(error)
    assert reply and (form == "markers" or reply.lstrip().startswith("{"))
    for said in replies.read(reply):
        claim = ground(said, passages)
        for quotation in claim.quotations:
            assert quotation.quote == BRIDGE[quotation.start : quotation.end]
            assert check(claim.text, quotation.quote, date(2021, 5, 4)).supported


def test_the_server_in_the_process_wants_its_key() -> None:
    stranger = ChatModel("m", base_url=llama().endpoint.base_url, api_key="guess")
    with pytest.raises(ModelError, match="key was refused"):
        list(stranger.draft(question(), hits(BRIDGE)))


def test_a_real_overflow_is_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    model = llama()
    monkeypatch.setattr(model, "context", 100_000)  # believed until the server says otherwise
    long = " ".join(f"In year {1900 + n} the bridge number {n} was painted." for n in range(60))
    found = hits(BRIDGE, *(f"{n} {long}" for n in range(4)))
    sizes = []
    try:
        for heard in model._heard(question(), found, Draft()):
            sizes.append(len(heard.passages))
    except ModelError as error:  # not for its length
        assert "nothing whole" in str(error)
    assert 1 <= sizes[-1] < 5
