"""The page's HTML and its line of time, as text: what is escaped, marked, told and drawn."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dateline.answer import Answer, Citation, Conflict, Found, Statement, Value
from dateline.page.conversation import Conversation, Turn, contents, conversation, copied, masthead
from dateline.page.sources import excerpts, marked, shown_articles, sources
from dateline.page.timeline import points
from index.articles import Article
from index.catalog import Holdings

TEXT = (
    "The bridge opened on Tuesday. Mayor Ada Finch cut the ribbon in the rain.\n\nIt cost 12 million crowns, two "
    "million more than planned."
)
BRIDGE = Article("bridge.md", "Mill Bridge opens", TEXT, date(2021, 5, 4), "front matter", "The Echo")


def cited(number: int, quote: str, article: Article = BRIDGE) -> Citation:
    start = article.text.index(quote)
    return Citation(
        number, article.id, article.title, article.source, article.published, quote, start, start + len(quote)
    )


def answered(*citations: Citation, **fields: object) -> Answer:
    numbers = tuple(citation.number for citation in citations)
    return replace(
        Answer(
            question="When?",
            standalone="When?",
            text="On 4 May 2021. [1]",
            short="4 May 2021",
            answered=True,
            reason=None,
            as_of=date(2022, 11, 9),
            model="quotes",
            statements=(Statement("It opened on 4 May 2021.", numbers),),
            citations=citations,
        ),
        **fields,  # type: ignore[arg-type]
    )


def text_of(made: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", made))


# -- The conversation --


def test_an_answer_has_its_marker_its_day_and_its_headline() -> None:
    made = conversation(Conversation([Turn("When?", answered(cited(1, TEXT[:30])), finished=True)]))
    assert '<p class="short">4 May 2021</p>' in made
    assert 'href="#quote-0-1"' in made and 'aria-label="Source 1: Mill Bridge opens, 4 May 2021"' in made
    assert "As of 9 November 2022, the newest of the articles that mention it." in text_of(made)
    assert "Understood as" not in made


def test_everything_a_stranger_wrote_is_escaped() -> None:
    bad = '<script>alert(1)</script>"><img src=x onerror=alert(1)> [a](http://b) `c` *d*'
    article = replace(BRIDGE, id=bad, title=bad, source=bad, url=f"javascript:{bad}", text=f"{bad} {TEXT}")
    answer = answered(
        cited(1, bad, article),
        question=bad,
        standalone=f"{bad}?",
        short=bad,
        statements=(Statement(bad, (1,)), Statement(bad, supported=False)),
        conflicts=(Conflict(bad, (Value(bad, None, 1), Value(bad, date(2020, 1, 1), 1))),),
        model=bad,
    )
    turn = Turn(bad, answer, trouble=bad, finished=True, verdict=bad)
    refusal = replace(answer, answered=False, text=bad, reason=bad, citations=(), hits=(Found(bad, 0, 90, 1.0),))
    made = [
        conversation(Conversation([turn, replace(turn, verdict=None)]), [bad]),
        conversation(Conversation(), [bad]),
        sources(turn, 0, {bad: article}),
        sources(turn, 0, {}),
        sources(Turn(bad, refusal), 0, {bad: article}),
        masthead(None, Path(bad.replace("/", "-"))),
    ]
    for one in made:
        assert bad not in one
        assert "<script" not in one and "<img" not in one and 'href="javascript' not in one
        assert bad in text_of(one) or one is made[-1]


def test_a_statement_that_nothing_supports_is_struck_and_counted() -> None:
    statements = (Statement("It opened.", (1,), written=True), Statement("It sank.", (), False, written=True))
    turn = Turn("When?", answered(cited(1, TEXT[:30]), statements=statements, model="some-chat"), finished=True)
    made = conversation(Conversation([turn]))
    assert "<s>It sank.</s>" in made
    assert "1 of 2 statements stand on a quotation." in made
    assert "written by some-chat, checked" in made and "built-in reader" not in made


def test_who_says_it_is_told_as_it_is() -> None:
    """What a chat model wrote, what the built-in reader quotes in its place, and a search that found nothing."""
    sank, quoted = Statement("It sank.", (), False, written=True), Statement("4 May 2021. “It opened.”", (1,))
    instead = answered(cited(1, TEXT[:30]), statements=(sank, quoted), model="/somewhere/of/mine/small.gguf")
    made = conversation(Conversation([Turn("When?", instead, finished=True)]))
    assert "quoted by the built-in reader in the place of small.gguf" in made and "written by" not in made
    assert "/somewhere" not in made
    # The answer comes first, without the headline again, and what nothing supports after it.
    seen, _, heard = text_of(made.replace('role="status">', ">HEARD ")).partition("HEARD ")
    assert seen.index("“It opened.”") < seen.index("It sank.") and seen.count("4 May 2021") == 1
    assert heard == "4 May 2021. “It opened.” 1 of 2 statements stand on a quotation."
    beside = replace(instead, statements=(Statement("It rained.", (1,), written=True), quoted))
    made = conversation(Conversation([Turn("When?", beside, finished=True)]))
    assert "written by small.gguf, checked, and quoted by the built-in reader" in made
    refusal = answered(answered=False, text="The articles don't say.", short=None, statements=())
    made = conversation(Conversation([Turn("When?", refusal, finished=True)]))
    assert "looked for by the built-in reader" in made and "quoted" not in text_of(made)


def test_who_is_waited_for_is_named() -> None:
    assert "Looking in the articles" in conversation(Conversation([Turn("When?")]))
    made = conversation(Conversation([Turn("When?", model="<some-chat>")]))
    assert "&lt;some-chat&gt; reads what was found" in made and "Looking in" not in made


def test_an_answer_is_copied_with_its_quotations_and_where_they_stand() -> None:
    assert copied(answered(cited(1, TEXT[:30]))) == (
        "When?\n\nOn 4 May 2021. [1] As of 9 November 2022.\n\n"
        "[1] “The bridge opened on Tuesday. ” Mill Bridge opens, The Echo, 4 May 2021 (bridge.md)"
    )
    assert copied(answered(answered=False, text="The articles don't say.")) == "When?\n\nThe articles don't say."


def test_markers_lead_only_to_citations_that_are_there() -> None:
    turn = Turn("When?", answered(cited(1, TEXT[:30]), statements=(Statement("It opened.", (1, 7)),)), finished=True)
    assert re.findall(r'data-number="(\d+)"', conversation(Conversation([turn]))) == ["1"]


def test_a_conflict_is_a_dated_list() -> None:
    about = Conflict("the cost", (Value("14 million", date(2022, 1, 2), 2), Value("12 million", None, 1)))
    turn = Turn("What?", answered(cited(1, TEXT[:30]), cited(2, TEXT[31:60]), conflicts=(about,)), finished=True)
    made = conversation(Conversation([turn]))
    told = text_of(made)
    assert told.index("2 January 2022 14 million") < told.index("undated 12 million")
    assert "The articles differ: the cost" in told


def test_what_a_conversation_remembers() -> None:
    talk = Conversation()
    first = talk.ask("  When?  ")
    assert talk.busy and first.question == "When?" and talk.history() == []
    first.answer, first.finished = answered(cited(1, TEXT[:30])), True
    assert not talk.busy
    assert talk.history() == [("When?", "On 4 May 2021. [1]")]
    empty = talk.ask("")
    empty.trouble, empty.finished = "empty", True
    refused = talk.ask("Where?")
    assert [turn.question for turn in talk.turns] == ["When?", "Where?"]
    refused.answer, refused.finished = answered(answered=False, short=None), True
    assert talk.history()[-1] == ("Where?", "")
    assert talk.shown == 1
    assert talk.turn(1) is refused
    assert [talk.turn(number) for number in (2, -1, "1", None, 0.5)] == [None] * 5


@pytest.mark.parametrize(
    ("holdings", "words"),
    [
        (Holdings(32, 90, date(2004, 6, 23), date(2025, 1, 30)), "32 articles, 23 June 2004 to 30 January 2025"),
        (Holdings(1, 1, date(2004, 6, 23), date(2004, 6, 23)), "1 article, 23 June 2004"),
        (Holdings(1_200, 9_000, None, None), "1,200 articles"),
        (Holdings(0, 0, None, None), "no articles yet"),
    ],
)
def test_what_is_held_in_words(holdings: Holdings, words: str) -> None:
    assert contents(holdings) == words


# -- The sources --


def test_the_quotation_is_marked_within_its_surroundings_letter_for_letter() -> None:
    one, two = cited(1, "Mayor Ada Finch cut the ribbon"), cited(2, "12 million crowns")
    made = sources(Turn("When?", answered(one, two)), 3, {"bridge.md": BRIDGE})
    for citation in (one, two):
        mark = f'id="quote-3-{citation.number}" tabindex="-1"></span><mark data-quotes="{citation.number}">'
        assert f"{mark}{citation.quote}</mark>" in made
    assert TEXT in text_of(made)
    assert "Read the whole article" not in made  # it is there already
    assert made.count('class="card"') == 1


def test_overlapping_quotations_show_each_letter_once() -> None:
    wide, narrow = cited(1, "Mayor Ada Finch cut the ribbon"), cited(2, "Ada Finch")
    made = marked(TEXT, 0, len(TEXT), [wide, narrow], turn=0)
    assert text_of(made) == TEXT
    for citation in (wide, narrow):
        pieces = re.findall(rf'<mark data-quotes="(?:[\d ]* )?{citation.number}(?: [\d ]*)?">([^<]*)</mark>', made)
        assert "".join(pieces) == citation.quote
        assert made.count(f'id="quote-0-{citation.number}"') == 1


def test_an_excerpt_holds_its_quotation_whatever_the_text() -> None:
    for text in ("字" * 5_000, "word " * 1_000, "a sentence. " * 400, "x" * 5_000, "\n" * 300 + "here" + "\n" * 300):
        start, end = len(text) // 2, len(text) // 2 + 4
        (excerpt,) = excerpts(text, [Citation(1, "a", "a", "", None, text[start:end], start, end)])
        assert excerpt.start <= start and end <= excerpt.end
        assert excerpt.end - excerpt.start < 1_000


def test_an_article_that_changed_or_is_gone_leaves_the_quotation_alone() -> None:
    turn = Turn("When?", answered(cited(1, "Mayor Ada Finch")))
    changed = sources(turn, 0, {"bridge.md": replace(BRIDGE, text=f"Correction. {TEXT}")})
    assert "has changed since it was quoted" in changed
    gone = sources(turn, 0, {})
    assert "can’t be read any more" in gone
    for made in (changed, gone):
        assert made.count('id="quote-0-1"') == 1
        assert '<mark data-quotes="1">Mayor Ada Finch</mark>' in made


def test_a_refusal_shows_the_best_passage_of_the_nearest_articles_folded() -> None:
    hits = tuple(Found(f"{n % 6}.md", 0, 29, 1 / (n + 1)) for n in range(12))
    articles = {f"{n}.md": replace(BRIDGE, id=f"{n}.md", title=f"Story {n}") for n in range(6)}
    answer = answered(answered=False, short=None, hits=hits)
    assert shown_articles(answer) == ["0.md", "1.md", "2.md", "3.md"]
    made = sources(Turn("When?", answer), 0, articles)
    assert re.findall(r"Story \d", made) == ["Story 0", "Story 1", "Story 2", "Story 3"]
    assert "<mark" not in made and "open" not in re.findall(r"<details[^>]*>", made)[0]


def test_a_web_address_is_linked_and_no_other() -> None:
    turn = Turn("When?", answered(cited(1, "Ada Finch")))
    linked = sources(turn, 0, {"bridge.md": replace(BRIDGE, url="https://echo.example/a?b=1&c=2")})
    assert 'href="https://echo.example/a?b=1&amp;c=2"' in linked and "noreferrer" in linked
    for url in ("javascript:alert(1)", "data:text/html,x", "//echo.example", "https:///", " https://x", ""):
        assert "original" not in sources(turn, 0, {"bridge.md": replace(BRIDGE, url=url)})


def test_a_very_long_article_is_unfolded_around_its_quotation() -> None:
    long = replace(BRIDGE, text="before " * 20_000 + TEXT + " after" * 20_000)
    made = sources(Turn("When?", answered(cited(1, "Ada Finch", long))), 0, {"bridge.md": long})
    assert len(made) < 70_000
    assert "dateline show bridge.md" in made
    assert made.count('<mark data-quotes="1">Ada Finch</mark>') == 2


# -- The line of time --


def dated(number: int, quote: str, day: date | None) -> Citation:
    return Citation(number, f"{number}.md", "A", "", day, quote, 0, len(quote))


def test_points_stand_in_order_and_to_scale() -> None:
    made = points(
        answered(
            dated(1, "He came on 1 January 2023.", date(2024, 1, 1)),
            dated(2, "He came on Tuesday.", date(2021, 1, 6)),
            dated(3, "He came on 1 January 2022.", date(2024, 1, 1)),
        )
    )
    assert [(point.label, point.citation) for point in made] == [
        ("5 Jan 2021", 2),
        ("1 Jan 2022", 3),
        ("1 Jan 2023", 1),
    ]
    assert made[0].place == 0 and made[-1].place == 1
    assert made[1].place == pytest.approx(361 / 726, abs=0.01)
    assert all(point.told for point in made)


def test_a_quotation_without_a_day_stands_on_its_articles() -> None:
    (point,) = points(answered(dated(1, "He came.", date(2024, 1, 1))))
    assert (point.label, point.told) == ("1 Jan 2024", False)
    assert points(answered(dated(1, "He came.", None))) == ()


def test_months_and_years_are_called_what_they_are() -> None:
    made = points(answered(dated(1, "In May 2023 it rained; so it did in 2004.", date(2024, 1, 1))))
    assert [point.label for point in made] == ["2004", "May 2023"]


def test_points_close_together_stay_apart_and_labels_clear_of_each_other() -> None:
    citations = [dated(n, f"It was {n} March 2023.", date(2024, 1, 1)) for n in range(1, 9)]
    made = points(answered(*citations, dated(9, "It was 1 March 2004.", date(2024, 1, 1))))
    assert len(made) == 9
    assert all(later.place - point.place > 0.02 for point, later in zip(made, made[1:], strict=False))
    assert max(point.place for point in made) <= 1
    for lane in {point.lane for point in made}:
        places = [point.place for point in made if point.lane == lane]
        assert all(later - place > 0.13 for place, later in zip(places, places[1:], strict=False))


def test_a_conflicts_values_stand_on_the_line() -> None:
    about = Conflict("the dead", (Value("20,000", date(2023, 2, 9), 2), Value("11,000", date(2023, 2, 8), 1)))
    answer = answered(dated(1, "11,000 died.", None), dated(2, "20,000 died.", None), conflicts=(about,))
    assert [(point.label, point.value) for point in points(answer)] == [
        ("8 Feb 2023", "11,000"),
        ("9 Feb 2023", "20,000"),
    ]


def test_one_day_draws_no_line() -> None:
    turn = Turn("When?", answered(dated(1, "He came on 1 May 2023.", None)), finished=True)
    assert 'class="timeline"' not in conversation(Conversation([turn]))
