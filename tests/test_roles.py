"""Who did what to whom: parts that were exchanged are found, and the same said in other words is let through."""

from __future__ import annotations

import pytest

from dateline.chatmodels.checking import check
from dateline.chatmodels.roles import exchanged

BEAT = "Ajax beat Feyenoord in Rotterdam on Sunday."
RECEIVED = "Vladimir Putin received Bashar al-Assad in the Kremlin on Wednesday."
SUED = "Tom Reed, a builder from Oakley, sued Mayor Ada Finch over the bridge."
ACCUSED = "Ada Finch was accused by Tom Reed of lying to the council."
SOLD = "Reed sold the mill to Finch."
LARGER = "Oakley is larger than Elmford."
TRAIN = "The night train runs from Oakley to Elmford."
BANK = "The bank sued the builder of the pier."


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("Feyenoord beat Ajax.", BEAT),
        ("Feyenoord beats Ajax.", BEAT),
        ("Ajax was beaten by Feyenoord.", BEAT),
        ("Assad received Putin.", RECEIVED),
        ("Putin was received in the Kremlin by Assad.", RECEIVED),
        ("Ada Finch sued Tom Reed.", SUED),
        ("Ada Finch, who sued Tom Reed, won.", SUED),
        ("Ada Finch accused Tom Reed of lying.", ACCUSED),
        ("Tom Reed, accused by Ada Finch of lying, left.", ACCUSED),
        ("Finch sold the mill to Reed.", SOLD),
        ("Elmford is larger than Oakley.", LARGER),
        ("The night train runs from Elmford to Oakley.", TRAIN),
        ("The night train runs to Oakley from Elmford.", TRAIN),
        ("The builder sued the bank.", BANK),
        ("The mayor of Oakley thanked the mayor of Elmford.", "The mayor of Elmford thanked the mayor of Oakley."),
        ("Ukraine's army attacked Russia.", "The Russian army attacked Ukraine in February."),
    ],
)
def test_exchanged_parts_are_found_and_not_supported(statement: str, quote: str) -> None:
    assert list(exchanged(statement, quote))
    assert not check(statement, quote).supported


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("Ajax beat Feyenoord.", BEAT),
        ("Feyenoord was beaten by Ajax.", BEAT),
        ("Assad was received in the Kremlin by Putin.", RECEIVED),
        ("Mayor Ada Finch was sued by Tom Reed.", SUED),
        ("Tom Reed accused Ada Finch of lying.", ACCUSED),
        ("Finch was sold the mill by Reed.", SOLD),
        ("The night train runs to Elmford from Oakley.", TRAIN),
        # What two do with each other has no parts, and a verb that stands both ways denies neither.
        ("Xi Jinping met Bashar al-Assad.", "Bashar al-Assad met Xi Jinping on Friday."),
        ("Finch beat Reed.", "Reed beat Finch in 2010. In 2014 Finch beat Reed."),
        ("Finch beat Reed.", "Reed beat Finch in 2010 and was beaten in 2014."),
        ("Finch opened the bridge.", "The bridge opened on Tuesday. Mayor Finch opened it."),
        ("China's president Xi Jinping received Assad.", "Xi Jinping, president of China, received Mr Assad."),
        ("Oakley has fewer inhabitants than Elmford.", "Elmford has more inhabitants than Oakley."),
        ("Russia attacked Ukraine.", "Ukraine said on Monday that Russia attacked it."),
        ("", BEAT),
    ],
)
def test_the_same_in_other_words_is_let_through(statement: str, quote: str) -> None:
    assert not list(exchanged(statement, quote))


def test_a_text_says_what_it_says_itself() -> None:
    for quote in (BEAT, RECEIVED, SUED, ACCUSED, SOLD, LARGER, TRAIN, BANK):
        assert not list(exchanged(quote, quote))
