"""Which requirement has which test, and how it went: writes .build-reports/requirements.md.

A test belongs to the numbers that its name begins with: `@Test("N28, 3.6 item 1: ...")` in Swift,
`test_P40_P41_...` or `test_x[N28-...]` in Python, `X55, 3.6 item 7: ...` in C. What counts is the
output that run_stages.py has kept of the last run, so a test that did not run is no test.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / ".build-reports"
LIST = ROOT / "Tests/Tools/requirements.toml"

NUMBER = re.compile(r"[PGNXS]\d+|3\.6 item \d+")
LABEL = re.compile(rf"((?:{NUMBER.pattern})(?:, (?:{NUMBER.pattern}))*): ")
SWIFT = re.compile(r'^(✔|✘|➜) Test "(.*?)" (?:with \d+ test cases? )?(passed|failed|skipped)')
PLAIN = re.compile(r"^(?:\S+ +)??(?=[PGNXS]\d|3\.6 item)(.*?)\s+(\d+) passed, (\d+) failed$")
PYTHON = re.compile(r"^test_((?:[PGNXS]\d+_)+)")
PARAMETER = re.compile(r"\[((?:[PGNXS]\d+)(?:[-_,][PGNXS]\d+)*)\b")


@dataclass
class Result:
    """One test of the last run."""

    suite: str
    name: str
    numbers: list[str]
    outcome: str


@dataclass
class Requirement:
    """A number, what it is about, and its tests."""

    number: str
    about: str
    results: list[Result] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """How it stands: a test that passed, and none that did anything else."""
        outcomes = {result.outcome for result in self.results}
        for outcome in ("failed", "skipped", "passed"):
            if outcome in outcomes:
                return outcome
        return "no test"


def labelled(name: str) -> list[str]:
    """The numbers that a name begins with."""
    match = LABEL.match(name)
    return NUMBER.findall(match[1]) if match else []


def swift_results(log: str) -> list[Result]:
    """The tests in the output of `swift test`."""
    found = (SWIFT.match(line) for line in log.splitlines())
    return [Result("swift", m[2], labelled(m[2]), m[3]) for m in found if m]


def plain_results(log: str) -> list[Result]:
    """The groups in the output of the C programs."""
    results = []
    for match in filter(None, map(PLAIN.match, log.splitlines())):
        outcome = "failed" if int(match[3]) else "passed" if int(match[2]) else "skipped"
        results.append(Result("c", match[1], labelled(match[1]), outcome))
    return results


def pytest_results(path: Path) -> list[Result]:
    """The tests in the report that pytest has written."""
    results = []
    for case in ElementTree.parse(path).iter("testcase"):
        name = case.get("name", "")
        numbers = [n for m in PYTHON.findall(name) for n in NUMBER.findall(m)]
        numbers += [n for m in PARAMETER.findall(name) for n in NUMBER.findall(m)]
        outcome = "passed"
        for child, word in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
            if case.find(child) is not None:
                outcome = word
        results.append(Result("python", name, numbers, outcome))
    return results


def results_of(reports: Path) -> tuple[list[Result], list[str]]:
    """The tests of the last run, and the stages that left nothing."""
    results: list[Result] = []
    missing: list[str] = []
    for stage, name, read in (
        ("swift", "swift.log", lambda path: swift_results(path.read_text())),
        ("c", "c.log", lambda path: plain_results(path.read_text())),
        ("python", "pytest.xml", pytest_results),
    ):
        path = reports / name
        if path.exists():
            results += read(path)
        else:
            missing.append(stage)
    return results, missing


def order(number: str) -> tuple[int, int]:
    """Numbers by their group, as the requirements are ordered."""
    return "PGNXS3".index(number[0]), int(re.findall(r"\d+", number)[-1])


def table(requirements: list[Requirement], without: dict[str, str]) -> str:
    """The report."""
    lines = ["# Requirements and their tests", "", "| number | what | result | tests |"]
    lines.append("|---|---|---|---|")
    for requirement in requirements:
        tests = sorted({f"{result.suite}: {result.name}" for result in requirement.results})
        names = "<br>".join(test.replace("|", "\\|") for test in tests)
        lines.append(
            f"| {requirement.number} | {requirement.about} | {requirement.outcome} | {names} |"
        )
    lines += ["", "## Without a test", "", "| number | why |", "|---|---|"]
    lines += [f"| {number} | {without[number]} |" for number in sorted(without, key=order)]
    return "\n".join(lines) + "\n"


def mistakes(tested: set[str], without: list[str], results: list[Result]) -> list[str]:
    """What is wrong with the list itself."""
    twice = sorted({number for number in without if without.count(number) > 1})
    found = [f"{n} stands twice in the list" for n in twice]
    found += [f"{n} is tested and without a test" for n in sorted(tested & set(without))]
    for group, last in (("P", 55), ("G", 25), ("N", 39), ("X", 61), ("S", 40), ("3.6 item ", 12)):
        numbers = {f"{group}{n}" for n in range(1, last + 1)}
        found += [f"{n} is not in the list" for n in sorted(numbers - tested - set(without))]
    named = {number for result in results for number in result.numbers}
    found += [f"{n} has a test, says its name" for n in sorted(named & set(without))]
    found += [f"{n} is no requirement" for n in sorted(named - tested - set(without))]
    return found


def main() -> int:
    """Writes the table and says what is missing."""
    content = tomllib.loads(LIST.read_text())
    results, missing = results_of(REPORTS)
    numbers = [number for group in content["without"] for number in group["numbers"]]
    without = {
        number: group["why"] for group in content["without"] for number in group["numbers"]
    }
    requirements = [Requirement(number, about) for number, about in content["tested"].items()]
    requirements.sort(key=lambda requirement: order(requirement.number))
    for requirement in requirements:
        requirement.results = [r for r in results if requirement.number in r.numbers]
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / "requirements.md").write_text(table(requirements, without))

    problems = [f"the stage {stage} has left no results" for stage in missing]
    problems += mistakes(set(content["tested"]), numbers, results)
    for requirement in requirements:
        if requirement.outcome != "passed":
            problems.append(f"{requirement.number} ({requirement.about}): {requirement.outcome}")
    for problem in problems:
        print(f"  {problem}")
    good = sum(requirement.outcome == "passed" for requirement in requirements)
    tests = sum(bool(result.numbers) for result in results)
    print(
        f"requirements: {good} of {len(requirements)} have a test that passed ({tests} tests), "
        f"{len(without)} ask for none; see .build-reports/requirements.md"
    )
    print(f"{good} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
