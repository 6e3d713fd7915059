"""Why Ponor may answer otherwise than all the others: each rule names its reason.

A rule looks at one question and the fields of all answers. What no rule explains fails the suite.
"""

from collections.abc import Callable

Rule = Callable[[object, dict[str, dict]], bool]


def _only_ad(answers: dict[str, dict]) -> bool:
    """Whether the AD bit is all in which Ponor differs."""
    ours = answers["Ponor"] | {"ad": None}
    return all(ours == other | {"ad": None} for name, other in answers.items() if name != "Ponor")


RULES: list[tuple[str, Rule]] = [
    ("60 NSEC3 iterations are more than resolution.nsec3_iterations: as if unsigned (RFC 9276 section 3.2)",
     lambda question, answers: question.name.endswith("iterated.org") and _only_ad(answers)),
]
