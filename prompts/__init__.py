"""What is said to a chat model: one file a prompt, filled in with every variable it names and no other.

A file holds a system part and, after a line of `--- user ---`, a user part; one without that line is a piece that
another prompt takes in as a variable. `$name` marks a variable (`string.Template`, so that JSON's braces stay
readable). This package imports nothing of the project.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

CANNOT_ANSWER = "NOT IN THE ARTICLES"
"""What a model writes, alone, when the passages don't answer: the prompt asks for it and the code looks for it."""

_DIVISION = "--- user ---\n"


class PromptError(ValueError):
    """A prompt that doesn't exist, or that was given too few or too many variables: a mistake in the program."""


@dataclass(frozen=True)
class Prompt:
    """A prompt's two parts as templates."""

    name: str
    system: Template
    user: Template

    @property
    def variables(self) -> frozenset[str]:
        """Every variable that the prompt names."""
        return frozenset(self.system.get_identifiers()) | frozenset(self.user.get_identifiers())


@dataclass(frozen=True)
class Messages:
    """A prompt filled in."""

    system: str
    user: str

    @property
    def text(self) -> str:
        return f"{self.system}\n\n{self.user}"


@cache
def load(name: str) -> Prompt:
    """The prompt in `prompts/NAME.txt`. Raises PromptError when there is none, or when it is not well formed."""
    file = files(__name__) / f"{name}.txt"
    if not file.is_file():
        known = ", ".join(names())
        raise PromptError(f"no prompt named {name!r}; there are: {known}")
    system, _, user = file.read_text(encoding="utf-8").partition(_DIVISION)
    prompt = Prompt(name, Template(system.strip()), Template(user.strip()))
    if not (prompt.system.is_valid() and prompt.user.is_valid()):
        raise PromptError(f"prompts/{name}.txt: a lone dollar sign; write $$ for one that is no variable")
    return prompt


def render(name: str, **variables: str) -> Messages:
    """The prompt with its variables filled in. Raises PromptError for one that is missing or that it doesn't name."""
    prompt = load(name)
    missing = sorted(prompt.variables - variables.keys())
    unused = sorted(variables.keys() - prompt.variables)
    if missing or unused:
        told = [f"needs {', '.join(missing)}"] * bool(missing) + [f"has no use for {', '.join(unused)}"] * bool(unused)
        raise PromptError(f"prompts/{name}.txt {' and '.join(told)}")
    return Messages(prompt.system.substitute(variables), prompt.user.substitute(variables))


def names() -> list[str]:
    """The prompts there are."""
    return sorted(file.name.removesuffix(".txt") for file in files(__name__).iterdir() if file.name.endswith(".txt"))
