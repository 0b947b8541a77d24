"""News for the reader to learn from, which its other data lacks: passages put together from frames of our own.

A frame (a line of `models/frames/*.jsonl`) is one kind of event, in sentences with slots: how papers tell that it
happened, that it is planned, that it did not come about, and what is easily taken for it; questions that a slot
answers, questions that nothing answers, and claims. Filled with names, places and days, a frame gives a question and
a passage that answers it, or one that only looks so: the same event of another person or place, the plan in place of
the event, another event with the same people. Every tenth frame is kept out of training, to be measured on.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent / "frames"
_SLOT = re.compile(r"\{(\w+)\}")
_HELD = 10

Frame = dict[str, Any]
Binding = dict[str, str]
Told = tuple[str, dict[str, tuple[int, int]]]  # a text, and where in it the slots stand first


class Case(NamedTuple):
    """A question and a passage; `answer` is where in it the answer stands, None where there is none."""

    question: str
    title: str
    passage: str
    answer: tuple[int, int] | None
    near: bool = False  # whether the passage tells of the question's subject all the same


class Statement(NamedTuple):
    claim: str
    passage: str
    supported: bool


_FIRST = """
    Ada Adrian Agnes Ahmed Aisha Akira Alan Alejandra Alice Amara Amir Ana Anders Andrea Anita Anton Arjun Astrid
    Barbara Beatriz Bernard Beth Bilal Bruno Carla Carlos Carmen Catherine Cecilia Chidi Chloe Clara Colin Dalia
    Daniel Daria Deborah Derek Diana Diego Dmitri Edith Eduardo Elena Elif Elsa Emeka Emil Emma Enrique Erik Esther
    Eva Fatima Felix Fiona Frank Freya Gareth George Gerald Gita Giulia Grace Graham Greta Gunnar Hana Hannah
    Harriet Hassan Heidi Helen Henrik Hugo Ibrahim Ines Ingrid Irene Isaac Isabel Ivan Jacek Jacob James Jana Javier
    Jean Jens Joan Joanna Johan Jonas Jorge Judith Julia Kamal Karen Karim Katarina Keiko Kenji Kofi Lars Laura
    Leila Lena Leo Liam Lina Linda Louis Lucia Luis Magda Malik Marco Margaret Maria Marta Martin Maya Mei Mehmet
    Michael Milan Mina Miriam Mohamed Monika Musa Nadia Naomi Natalia Nikolai Nina Noah Nora Olga Oliver Omar Oscar
    Otto Pablo Patrick Paul Paula Pedro Peter Petra Philip Priya Rachel Rafael Ravi Rebecca Renata Ricardo Robert
    Rosa Ruth Saeed Salma Samuel Sandra Sara Selim Sergei Silvia Simon Sofia Stefan Sunita Susan Sven Tamar Tanya
    Tariq Teresa Thomas Tomas Ursula Valentina Vera Victor Vikram Walter Wanda Wei Yara Yasmin Youssef Yuki Zainab
    Zara Zoltan
""".split()
_LAST = """
    Abbott Adeyemi Aguilar Ahlberg Akhtar Aldous Almeida Andersen Aoki Archer Ashworth Aydin Baker Banerjee Barlow
    Baumann Becker Bellini Bergman Bianchi Blake Boateng Borg Bowen Brandt Brennan Calder Campos Carrick Castillo
    Chen Christou Clarke Coleman Conti Costa Cross Dahl Davies Delgado Demir Dietrich Dixon Dogan Doyle Dubois Eze
    Farouk Fernandes Ferraro Finch Fischer Fletcher Fontaine Fraser Fuchs Gallagher Garrick Gomes Gordon Greaves
    Gruber Haddad Halim Halvorsen Hansen Harker Hartmann Hassan Hayes Herrera Holm Horvat Hughes Hussain Ibarra
    Iqbal Ishikawa Ivanova Jansen Jarvis Jensen Johansson Kaplan Karlsson Kaya Keane Keller Khalil Kim Kirk Kovacs
    Kowalski Kruger Kumar Larsen Laurent Lawson Lehmann Leitner Lindqvist Lombardi Lopes Lowe Madsen Mahmoud Malone
    Marchetti Marsh Mbeki Medina Mehta Mendes Mercer Meyer Mills Molina Moreau Morgan Moroz Mutua Nair Nakamura
    Navarro Ncube Nielsen Novak Nowak Obi Okafor Olsen Ortega Osman Paredes Park Patel Pavlov Pereira Perry Petrov
    Popescu Price Quinn Rahman Ramos Reid Reyes Richter Rinaldi Rossi Roux Ruiz Sadler Saito Salas Santos Sato
    Schmidt Seidel Serrano Shah Sharma Silva Singh Sokolov Soto Steiner Stone Suzuki Svensson Tan Tanaka Taylor
    Thorne Torres Trask Ueda Underhill Vance Varga Vasquez Vega Vogel Volkov Wagner Walsh Ward Webb Weiss Whitlock
    Winter Wolfe Wren Yamada Yilmaz Young Zafar Zapata Zeller Ziegler
""".split()
_TOWNS = """
    Aarhus Accra Adana Aleppo Algiers Amman Antwerp Ankara Baku Bamako Basel Basra Beirut Belfast Bergen Bern Bilbao
    Bogota Bordeaux Bremen Brno Bucharest Busan Cairo Cali Cardiff Chennai Chicago Chisinau Cologne Cork Dakar
    Dallas Damascus Davos Delhi Denver Dhaka Doha Dover Dresden Dublin Durban Geneva Genoa Ghent Gdansk Graz Hamburg
    Hangzhou Hanoi Havana Helsinki Houston Istanbul Izmir Jakarta Jeddah Kampala Karachi Kazan Kigali Kolkata Krakow
    Lagos Lahore Leeds Lille Lima Linz Lisbon Lusaka Luxor Lyon Malmo Manila Marseille Medan Memphis Milan Mombasa
    Mosul Mumbai Muscat Nairobi Nantes Naples Odense Oporto Osaka Oslo Palermo Perth Phoenix Porto Prague Quito
    Rabat Riga Rome Rotterdam Salonica Santos Seattle Seoul Seville Shanghai Sofia Split Tbilisi Tampere Tirana
    Toledo Trieste Tripoli Tunis Turin Utrecht Valencia Vienna Vilnius Warsaw Yerevan Zagreb Zurich
""".split()
_COUNTRIES = """
    Albania Algeria Angola Argentina Armenia Australia Austria Bahrain Bangladesh Belgium Bolivia Botswana Brazil
    Bulgaria Cameroon Canada Chile China Colombia Croatia Cuba Cyprus Denmark Ecuador Egypt Estonia Ethiopia Finland
    France Georgia Germany Ghana Greece Guatemala Hungary Iceland India Indonesia Iran Iraq Ireland Italy Japan
    Jordan Kazakhstan Kenya Kuwait Latvia Lebanon Libya Lithuania Malaysia Mali Malta Mexico Moldova Mongolia
    Morocco Mozambique Namibia Nepal Nigeria Norway Oman Pakistan Panama Paraguay Peru Poland Portugal Qatar Romania
    Russia Rwanda Senegal Serbia Singapore Slovakia Slovenia Somalia Spain Sudan Sweden Switzerland Syria Tanzania
    Thailand Tunisia Turkey Uganda Ukraine Uruguay Vietnam Yemen Zambia Zimbabwe
""".split()
_HEADS = """
    Al Ar Bal Bel Bram Cal Car Cor Dal Del Dor Dun El Fal Fen Gal Gar Hal Har Hol Kal Kar Kel Lan Lor Mal Mar Mor
    Nor Ol Or Pel Pen Ral Ros Sal Sel Sil Stan Tal Tam Tor Ul Val Var Wel Wes Wil Win Zan
""".split()
_MIDDLES = "a e i o den der din ga le li lo ma mi na ne ri ro sa ta ti va".split()
_TAILS = """
    bridge by burg bury cote den don field ford gate ham haven hill holm ia ina ley low mere minster mouth ness ova
    port stead stone ton vale vik wick worth
""".split()
_PLACES = """
    Street Road Square Park Bridge Quay Hall Market Station Valley River Island Hospital School Museum Library
    Stadium Airport Harbour Church Theatre Prison District Tunnel Castle Hotel Gardens Lane Terminal Reservoir
""".split()
_TRADES = """
    Energy Motors Airlines Foods Bank Steel Media Pharma Systems Shipping Telecom Mining Foundry Studios Logistics
    Insurance Chemicals Robotics Rail Textiles Breweries Games Semiconductors Holdings Group Aerospace Pictures
""".split()
_BODIES = [
    "Council",
    "Court",
    "Health Authority",
    "Teachers' Union",
    "Football Association",
    "Water Board",
    "Election Commission",
    "Police",
    "Chamber of Commerce",
    "Farmers' League",
    "Workers' Party",
    "Green Party",
    "Institute",
    "University",
    "Federation",
    "Rail Union",
    "Harbour Board",
    "Hospital Trust",
    "Relief Fund",
    "Press Council",
    "Transport Agency",
    "Olympic Committee",
    "Central Bank",
    "Space Agency",
]
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August September October November December".split()
_PARTS = ["morning", "afternoon", "evening", "night"]


def frames(held: bool) -> list[Frame]:
    """The frames to train on, or those kept out."""
    lines = [line for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    found = [json.loads(line) for line in lines]
    return [frame for frame in found if (_number(frame["event"]) % _HELD == 0) == held]


def _number(text: str) -> int:
    return int(hashlib.sha1(text.encode()).hexdigest(), 16)


class Filler:
    """Fills frames: the same seed gives the same passages."""

    def __init__(self, known: Sequence[Frame], seed: int) -> None:
        self.frames = list(known)
        self.random = random.Random(seed)

    # -- Values --

    def binding(self, frame: Frame, apart: Binding | None = None) -> Binding:
        """A value for every slot, none twice, and none of those in `apart`."""
        taken = set((apart or {}).values())
        made: Binding = {}
        for slot in (
            "person",
            "other",
            "third",
            "town",
            "place",
            "country",
            "company",
            "body",
            *frame.get("fills", {}),
        ):
            for _ in range(20):
                value = (
                    self.random.choice(frame["fills"][slot]) if slot in frame.get("fills", {}) else self._value(slot)
                )
                if value not in taken:
                    break
            taken.add(value)
            made[slot] = value
        made["when"] = self._when()
        made["then"] = self._when(ahead=True)
        return made

    def _value(self, slot: str) -> str:
        pick = self.random.choice
        match slot:
            case "person" | "other" | "third":
                between = f" {pick('ABCDEHJKLMPRST')}." if self.random.random() < 0.06 else ""
                last = pick(_LAST) if self.random.random() < 0.9 else f"{pick(_LAST)}-{pick(_LAST)}"
                return f"{pick(_FIRST)}{between} {last}"
            case "town":
                return pick(_TOWNS) if self.random.random() < 0.5 else self._made_up()
            case "country":
                return pick(_COUNTRIES) if self.random.random() < 0.75 else self._made_up()
            case "place":
                kind = pick(_PLACES)
                name = f"{self._made_up()} {kind}"
                return name if kind in ("Street", "Road", "Square", "Lane") else f"the {name}"
            case "company":
                return f"{self._made_up()} {pick(_TRADES)}" if self.random.random() < 0.8 else self._made_up()
            case _:
                return f"the {self._made_up()} {pick(_BODIES)}"

    def _made_up(self) -> str:
        pick = self.random.choice
        return pick(_HEADS) + (pick(_MIDDLES) if self.random.random() < 0.5 else "") + pick(_TAILS)

    def _when(self, ahead: bool = False) -> str:
        """A time with its preposition, the time between bars: "on |Friday|". `ahead`: one that may be to come."""
        pick, number = self.random.choice, self.random.randint
        if ahead and self.random.random() < 0.4:
            coming = pick((*_WEEKDAYS, "week", "month", "year", "spring", "summer", *_MONTHS))
            soon = pick(("later this month", "this autumn", "in the coming weeks", "tomorrow", "later this year"))
            return pick((f"|next {coming}|", f"|{soon}|", f"by |{pick(_MONTHS)}|"))
        year, month, day = number(1994, 2025), pick(_MONTHS), number(1, 28)
        written = pick((f"{day} {month} {year}", f"{month} {day}, {year}", f"{day} {month}", f"{month} {day}"))
        return pick(
            (
                f"on |{pick(_WEEKDAYS)}|",
                f"on |{pick(_WEEKDAYS)}|",
                f"on |{pick(_WEEKDAYS)} {pick(_PARTS)}|",
                f"late on |{pick(_WEEKDAYS)}|",
                f"on |{written}|",
                f"on |{written}|",
                f"on |{pick(_WEEKDAYS)}, {written}|",
                f"in |{month} {year}|",
                f"in |{month}|",
                f"in |{year}|",
                f"in |early {year}|",
                *(() if ahead else self._past()),
            )
        )

    def _past(self) -> tuple[str, ...]:
        pick = self.random.choice
        return (
            f"|last {pick(('week', 'month', 'year', 'night', pick(_WEEKDAYS), 'summer', 'autumn'))}|",
            f"|{pick(('yesterday', 'earlier this week', 'earlier this month', 'this week', 'this morning'))}|",
            f"|{pick(('two', 'three', 'four', 'ten'))} {pick(('days', 'weeks', 'years'))} ago|",
        )

    # -- Texts --

    def written(self, text: str, bound: Binding) -> Told:
        """A text with its slots filled, and where each stands first. A person named again goes by the surname."""
        made, at, places = "", 0, {}
        for match in _SLOT.finditer(text):
            made += text[at : match.start()]
            slot, value = match[1], bound[match[1]]
            if slot == "when":
                before, value, _ = value.split("|")
                made += before
            elif slot in places and slot in ("person", "other", "third") and self.random.random() < 0.7:
                value = value.split()[-1]
            start = len(made)
            made += value if made.strip() else value[:1].upper() + value[1:]
            first = (start, len(made))
            if value[:4] == "the ":
                first = (start + 4, len(made))
            places.setdefault(slot, first)
            at = match.end()
        return made + text[at:], places

    def told(self, frame: Frame, kind: str, bound: Binding) -> Told:
        """One of a frame's texts of that kind: "told", "ahead", "off" or "beside"."""
        times = {"when": bound["then"]} if kind == "ahead" else {}
        return self.written(self.random.choice(frame[kind]), bound | times)

    def asked(self, question: str, bound: Binding) -> str:
        """A question or claim with its slots filled; persons sometimes by their surname."""

        def value(match: re.Match[str]) -> str:
            held = bound[match[1]].replace("|", "")
            return (
                held.split()[-1] if match[1] in ("person", "other", "third") and self.random.random() < 0.35 else held
            )

        return _SLOT.sub(value, question)

    def passage(self, texts: Sequence[Told], target: int | None = None, slot: str = "") -> tuple[str, tuple[int, int]]:
        """Texts in one passage, and where the target's slot stands in it."""
        made, place = "", (0, 0)
        for number, (text, places) in enumerate(texts):
            if made:
                made += self.random.choice((" ", " ", " ", "\n"))
            if number == target:
                place = tuple(len(made) + at for at in places[slot])  # type: ignore[assignment]
            made += text
        return made, place

    def beside(self, frame: Frame, bound: Binding, other: Binding | None, most: int) -> list[Told]:
        """Texts that do not answer: of the same people, of the same event elsewhere, of other events."""
        made = []
        for _ in range(self.random.randint(1, most)):
            roll = self.random.random()
            if roll < 0.3:
                made.append(self.told(frame, "beside", bound | {"when": self._when()}))
            elif roll < 0.55 and other:
                made.append(self.told(frame, "told", other))
                other = None
            else:
                another = self.random.choice(self.frames)
                if another is frame:
                    continue
                kind = self.random.choice(("told", "told", "ahead", "beside"))
                made.append(self.told(another, kind, self.binding(another, bound)))
        return made

    def title(self, frame: Frame, bound: Binding) -> str:
        roll = self.random.random()
        if roll < 0.25:
            return ""
        if roll < 0.65:
            frame, bound = (chosen := self.random.choice(self.frames)), self.binding(chosen, bound)
        return (
            self.asked(self.random.choice(frame["claims"]).replace("{when}", ""), bound).rstrip(" .").replace(" ,", ",")
        )

    # -- Questions --

    def cases(self, frame: Frame) -> Iterator[Case]:
        """One case with an answer and one or two without, of this frame."""
        pick = self.random.choice
        bound = self.binding(frame)
        other = self.binding(frame, bound)
        plan = self.random.random() < 0.15
        if plan:
            bound["when"] = bound["then"]
        ask = pick(frame["ask_ahead" if plan else "ask"])
        needed = set(_SLOT.findall(ask["question"]))
        told = frame["ahead" if plan else "told"]
        answering = [text for text in told if needed | {ask["answer"]} <= set(_SLOT.findall(text))]
        if not answering:
            return
        chosen = pick(answering)
        apart = other if needed else None
        yield self._case(frame, ask, bound, chosen, apart)
        roll = self.random.random()
        if roll < 0.35 and needed:
            # The same event of somebody or something else: a value of the question's comes from another text.
            slot = pick(sorted(needed - {"when"} or needed))
            changed = bound | {slot: other[slot] if slot != "when" else self._when()}
            texts = [self.written(chosen, bound)]
            texts += self.beside(frame, bound, other if self.random.random() < 0.7 else None, 4)
            yield self._none(self.asked(ask["question"], changed), frame, bound, texts)
        elif roll < 0.7 and not plan:
            # Planned, called off, or something else of the same people.
            kind = pick(("ahead", "ahead", "off", "beside"))
            texts = [self.told(frame, kind, bound), *self.beside(frame, bound, apart, 4)]
            yield self._none(self.asked(ask["question"], bound), frame, bound, texts)
        elif roll < 0.85 and not plan:
            texts = [self.written(chosen, bound), *self.beside(frame, bound, apart, 3)]
            yield self._none(self.asked(pick(frame["unstated"]), bound), frame, bound, texts, near=True)
        elif not plan:
            # Told, but without what is asked for.
            silent = [text for text in told if ask["answer"] not in _SLOT.findall(text)]
            if silent:
                texts = [self.written(pick(silent), bound), *self.beside(frame, bound, apart, 3)]
                yield self._none(self.asked(ask["question"], bound), frame, bound, texts, near=True)

    def _case(self, frame: Frame, ask: dict[str, str], bound: Binding, chosen: str, other: Binding | None) -> Case:
        texts = self.beside(frame, bound, other, 4) if self.random.random() < 0.9 else []
        at = self.random.randint(0, len(texts))
        texts.insert(at, self.written(chosen, bound))
        passage, answer = self.passage(texts, at, ask["answer"])
        return Case(self.asked(ask["question"], bound), self.title(frame, bound), passage, answer)

    def _none(self, question: str, frame: Frame, bound: Binding, texts: list[Told], near: bool = False) -> Case:
        self.random.shuffle(texts)
        return Case(question, self.title(frame, bound), self.passage(texts)[0], None, near)

    # -- Statements --

    def statements(self, frame: Frame) -> Iterator[Statement]:
        """A claim beside texts that support it, and one beside texts that don't."""
        pick = self.random.choice
        bound = self.binding(frame)
        other = self.binding(frame, bound)
        claim = pick(frame["claims"])
        slots = set(_SLOT.findall(claim))
        telling = [text for text in frame["told"] if slots <= set(_SLOT.findall(text))]
        if not telling:
            return
        chosen = pick(telling)
        beside = self.beside(frame, bound, other, 2) if self.random.random() < 0.5 else []

        def among(told: Told) -> str:
            texts = [told, *beside]
            self.random.shuffle(texts)
            return self.passage(texts)[0]

        if self.random.random() < 0.5:
            yield Statement(self.asked(claim, bound), among(self.written(chosen, bound)), True)
            return
        roll = self.random.random()
        swapped = [pair for pair in frame.get("swap", []) if set(pair) <= slots]
        if roll < 0.3 and swapped:
            one, two = pick(swapped)
            yield Statement(
                self.asked(claim, bound | {one: bound[two], two: bound[one]}), among(self.written(chosen, bound)), False
            )
        elif roll < 0.6 and slots:
            slot = pick(sorted(slots))
            changed = bound | {slot: self._when() if slot == "when" else other[slot]}
            if changed[slot] != bound[slot]:
                yield Statement(self.asked(claim, changed), among(self.written(chosen, bound)), False)
        else:
            kind = pick(("ahead", "ahead", "off", "beside"))
            yield Statement(self.asked(claim, bound), among(self.told(frame, kind, bound)), False)
