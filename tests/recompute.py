"""The figures of a report worked out again from its files, by a script that shares no code with the program.

    python tests/recompute.py TESTSET REPORT ARTICLES

Needs answers.jsonl, the test set and the articles; the confidence for the risk-coverage area is in run.jsonl.
Left out are the figures that rest on a judgement of support (citation recall and precision) and the passages'.
Prints each figure as found there and as worked out here; exit 1 if any differs in the third decimal.
"""

import json
import math
import re
import string
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

MONTHS = "january february march april may june july august september october november december".split()
NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()
IDLE = "a an the of on in at to by for from and or about around nearly almost over some his her their its it".split()


def squad(text):
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def f1(given, wanted):
    one, other = squad(given), squad(wanted)
    if not one or not other:
        return float(one == other)
    shared = sum((Counter(one) & Counter(other)).values())
    return 2 * shared / (len(one) + len(other))


def plain(text):
    """Days as (year, month, day), numbers as digits, the other words without endings."""
    text, days = text.lower().replace("’", "'").replace("'s", ""), []
    names = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS)

    def day(match):
        got = match.groupdict()
        month = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(got["month"][:3]))
        days.append((int(got.get("year") or 0), month, int(got.get("day") or 0)))
        return " "

    for pattern in (
        rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)? (?P<month>{names})\b,?(?: (?P<year>\d{{4}}))?",
        rf"\b(?P<month>{names}) (?P<day>\d\d?)\b(?!\d),?(?: (?P<year>\d{{4}}))?",
        rf"\b(?P<month>{names}),? (?P<year>\d{{4}})",
    ):
        text = re.sub(pattern, day, text)
    if not days:
        text = re.sub(rf"\b(?P<month>{'|'.join(MONTHS)})\b", day, text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    for scale, zeros in (("thousand", 3), ("million", 6), ("billion", 9)):
        text = re.sub(rf"\b(\d+(?:\.\d+)?) {scale}\b", lambda m, z=zeros: f"{float(m[1]) * 10**z:.0f}", text)
    words = [
        str(NUMBERS.index(word)) if word in NUMBERS else word for word in re.findall(r"\d+(?:\.\d+)?|[^\W\d_]+", text)
    ]
    numbers = sorted(float(word) for word in words if word[0].isdigit())
    rest = {word.rstrip("s") if len(word) > 3 else word for word in words if not word[0].isdigit() and word not in IDLE}
    return sorted(set(days)), numbers, rest


def value(given, wanted):
    if squad(given) == squad(wanted):
        return 1.0
    (days, numbers, words), (known_days, known_numbers, known_words) = plain(given), plain(wanted)
    if not (known_days or known_numbers):
        return 0.0
    same_days = len(days) == len(known_days) and all(
        a[1:] == b[1:] and b[0] in (0, a[0]) for a, b in zip(days, known_days, strict=True)
    )
    more = len(words ^ known_words)
    return float(
        same_days and numbers == known_numbers and more <= 5 and (words <= known_words or known_words <= words)
    )


def years(numbers):
    return sorted({number for number in numbers if 1000 <= number < 2200 and number == int(number)})


def day_right(case, given):
    """Whether the answer names the known days, or years; None for a case whose answers are neither."""
    asks = case.get("type", "").startswith("when") or re.search(r"\b(when|year|date)\b", case["question"].lower())
    read = [plain(one) for one in case.get("answers") or [] if case.get("answerable") is not False]
    known = [(days, years(n)) for days, n, words in read if (days or (asks and years(n))) and len(words) <= 2]
    if not known:
        return None
    days, numbers, _ = plain(given)

    def same(wanted):
        meets = [[a[1:] == b[1:] and b[0] in (0, a[0]) for b in wanted] for a in days]
        return all(map(any, meets)) and all(any(row[i] for row in meets) for i in range(len(wanted)))

    return float(any(same(wanted) if wanted else not days and years(numbers) == asked for wanted, asked in known))


def percentile(numbers, share):
    numbers, place = sorted(numbers), (len(numbers) - 1) * share
    low, high = numbers[math.floor(place)], numbers[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def risk_coverage(pairs):
    """Mean risk of the first k, surest first; those of one confidence weigh their mean."""
    losses = []
    for confidence in sorted({c for _, c in pairs}, reverse=True):
        tied = [loss for loss, c in pairs if c == confidence]
        losses += [sum(tied) / len(tied)] * len(tied)
    return sum(sum(losses[:k]) / k for k in range(1, len(losses) + 1)) / len(losses)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@cache
def body(articles, name):
    """An article's text: of a .md file without its front matter, of any other as `dateline show` prints it."""
    if not name.endswith(".md"):
        command = [sys.executable, "-m", "dateline", "show", name, "--articles", str(articles)]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")
    text = (articles / name).read_text(encoding="utf-8")
    return re.sub(r"\A---\n.*?\n---\n", "", text, count=1, flags=re.DOTALL).strip()


def recompute(testset, report, articles):
    """Every figure that can be worked out from the files alone, by its name in scores.json."""
    cases = {case["id"]: case for case in lines(testset)}
    sure = {row["id"]: row["confidence"] for row in lines(report / "run.jsonl")}
    found, risks, refusals, hopeless, seconds = {}, [], [], [], {}
    for row in lines(report / "answers.jsonl"):
        case, answered, given = cases[row["id"]], row["answered"], row["short"] or ""
        failed = not answered and (row["reason"] or "").startswith("failed: ")
        known = case.get("articles") or []
        accepted = case.get("answers") or []
        answerable = case.get("answerable", True if accepted or known or case.get("as_of") else None)
        measured = {"failed": failed, "answered": answered}
        if answerable is False:
            right = float(not answered and not failed)
            measured |= dict.fromkeys(("answer_em", "answer_f1", "answer_value"), right)
        elif accepted:
            said = given if answered else ""
            measured["answer_em"] = max(float(squad(said) == squad(one)) for one in accepted)
            measured["answer_f1"] = max(f1(said, one) for one in accepted)
            measured["answer_value"] = max(value(said, one) for one in accepted)
        if answered and "answer_value" in measured:
            measured["answered_precision"] = measured["answer_value"]
            if sure.get(row["id"]) is not None:
                risks.append((1 - max(measured["answer_f1"], measured["answer_value"]), sure[row["id"]]))
        if answerable is not None:
            refusals.append((answerable is False, not answered and not failed))
        if (told := day_right(case, given if answered else "")) is not None:
            measured["day_right"] = told
        if case.get("as_of"):
            measured["as_of_right"] = row["as_of"] == case["as_of"]
        if answered and known:
            measured["citation_article"] = any(one["article"] in known for one in row["citations"])
        for name, number in measured.items():
            found.setdefault(name, []).append(float(number))
        for one in row["citations"] if answered else ():
            stands = body(articles, one["article"])[one["start"] : one["end"]] == one["quote"]
            found.setdefault("citation_verbatim", []).append(float(stands))
        if known:
            ranked = list(dict.fromkeys(hit["article"] for hit in row["hits"]))
            places = [place for place, name in enumerate(ranked, 1) if name in known]
            for k in (1, 5, 10, 20):
                found.setdefault(f"hit_at_{k}", []).append(float(any(place <= k for place in places)))
                found.setdefault(f"recall_at_{k}", []).append(sum(place <= k for place in places) / len(known))
            found.setdefault("mrr_at_10", []).append(1 / places[0] if places and places[0] <= 10 else 0.0)
            ideal = sum(1 / math.log2(place + 1) for place in range(1, min(10, len(known)) + 1))
            gained = sum(1 / math.log2(place + 1) for place in places if place <= 10)
            found.setdefault("ndcg_at_10", []).append(gained / ideal)
        if not failed:
            for stage, took in row["seconds"].items():
                seconds.setdefault(stage, []).append(took)
    figures = {name: sum(numbers) / len(numbers) for name, numbers in found.items()}
    both = sum(no_answer and refused for no_answer, refused in refusals)
    refused, hopeless = sum(refused for _, refused in refusals), sum(no_answer for no_answer, _ in refusals)
    if refused:
        figures["refusal_precision"] = both / refused
    if hopeless:
        figures["refusal_recall"] = both / hopeless
    if refused + hopeless:
        figures["refusal_f1"] = 2 * both / (refused + hopeless)
    if risks:
        figures["risk_coverage_area"] = risk_coverage(risks)
    for stage, took in seconds.items():
        for at in (50, 95):
            figures[f"seconds_{stage}_p{at}"] = percentile(took, at / 100)
    return figures


def main(testset, report, articles):
    there = json.loads((Path(report) / "scores.json").read_text(encoding="utf-8"))["figures"]
    here = recompute(Path(testset), Path(report), Path(articles))
    apart = [name for name in here if abs(here[name] - there[name]["value"]) >= 5e-4]
    for name, number in here.items():
        print(f"{name:24}{there[name]['value']:9.4f}{number:9.4f}{'  DIFFERS' if name in apart else ''}")
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
