"""Steps about reviews: one and what happens to it, and tables of answers to many."""

from __future__ import annotations

import json
from typing import Any

from docs_library import Engine, Outcome
from docs_session import Session, expect, holds, refusal, state
from docs_steps import Step, codes, pairs

# Functions that are not about one review.
ELSEWHERE = (
    "policy_",
    "event_",
    "audit_",
    "engine_",
    "message_",
    "feedback_",
    "review_open",
    "review_list",
    "token_",
    "webhook_",
    "graph_",
    "endpoint_",
    "delivery_",
)
SELECTORS = {"id", "review_key", "interrupt", "external_id", "thread"}


class OneReview(Session):
    """One review and what happens to it."""

    def do_open(self, step: Step, outcome: str = "pending") -> None:
        self.question = json.loads(step.text)
        opened = self.engine.call("review_open", step.text)
        refusal(opened, "OK", [])
        self.result = opened.value
        self.review = opened.value["review"]["id"]
        expect(state(opened.value["review"]) == outcome, f"it is {state(opened.value['review'])}")

    def do_refuse_open(self, step: Step, status: str, *problems: str) -> None:
        refusal(self.engine.call("review_open", step.text), status, [*problems])

    def do_respond(self, step: Step, outcome: str) -> None:
        answered = self.engine.call("review_respond", self._about(step))
        refusal(answered, "OK", [])
        self.result = answered.value
        found = state(answered.value["review"])
        expect(found == outcome, f"it is {found}")

    def do_refuse(self, step: Step, status: str, *problems: str) -> None:
        # A deadline that has passed is put on record by whatever comes first.
        self.engine.call("engine_tick", {})
        before = self._get()
        refused = self.engine.call("review_respond", self._about(step))
        refusal(refused, status, [*problems])
        self.result = refused.details
        after = self._get()
        counts = before["kind"] == "verify"
        expect(counts or before == after, "a refusal has changed the review")

    def do_call(self, step: Step, function: str, status: str = "OK", *problems: str) -> None:
        done = self.engine.call(function, self._about(step))
        refusal(done, status, [*problems])
        self.result = done.details if status != "OK" else done.value
        if isinstance(done.value, dict) and function == "review_supersede":
            self.review = done.value["review"]["id"]

    def do_gives(self, step: Step) -> None:
        holds(self.result, json.loads(step.text))

    def do_anew(self, step: Step) -> None:
        self.engine.close()
        self.engine = Engine(self.library)

    def do_time(self, step: Step, by: str) -> None:
        self.engine.advance(int(by))

    def _about(self, step: Step) -> object:
        """The request, about the review that was opened unless it names one."""
        request = json.loads(step.text)
        if "ids" in request:
            request["ids"] = [self.review if name == "..." else name for name in request["ids"]]
        elif (
            not any(word.startswith(ELSEWHERE) for word in step.words)
            and not SELECTORS & request.keys()
        ):
            request = {"id": self.review} | request
        return request

    def _get(self) -> Any:
        return self.engine.call("review_get", {"id": self.review}).value


class ManyAnswers(Session):
    """Many answers, each to a review of its own."""

    def do_accepted(self, step: Step) -> None:
        for answer, verdict, outcome in step.rows():
            for text in codes(answer):
                done = self._fresh({"response": json.loads(text)})
                found = done.status, *(done.problems)
                expect(done.status == "OK", f"{text}: {found}")
                got = done.value["decision"]["verdict"], state(done.value["review"])
                expect(got == (*codes(verdict), *codes(outcome)), f"{text}: {got}")

    def do_refused(self, step: Step) -> None:
        for answer, code, path, *_ in step.rows():
            wanted = pairs(code, path)
            for text in codes(answer):
                done = self._fresh({"response": json.loads(text)})
                expect(
                    done.status == "INVALID_RESPONSE" and sorted(done.problems) == sorted(wanted),
                    f"{text}: {done.status} {done.problems}",
                )

    def do_definitions(self, step: Step) -> None:
        for payload, code, path, *_ in step.rows():
            wanted = pairs(code, path, "/payload")
            for text in codes(payload):
                request = {"kind": self.question["kind"], "payload": json.loads(text)}
                done = self.engine.call("review_open", request)
                expect(
                    done.status == "INVALID_PAYLOAD" and sorted(done.problems) == sorted(wanted),
                    f"{text}: {done.status} {done.problems}",
                )

    def do_outcomes(self, step: Step) -> None:
        for words, outcome, *_ in step.rows():
            for word in codes(words):
                done = self._fresh({"outcome": word})
                found = state(done.value["review"]) if done.value else done.status
                expect([found] == codes(outcome), f"{word}: {found}")

    def do_quorum(self, step: Step) -> None:
        for approvers, quorum, veto, answers, outcome, *_ in step.rows():
            stage: dict[str, Any] = {"approvers": [json.loads(text) for text in codes(approvers)]}
            stage |= {"quorum": json.loads(codes(quorum)[0]), "veto": veto == "yes"}
            engine = Engine(self.library)
            opened = engine.call(
                "review_open",
                {"kind": "approval", "payload": {}, "policy": {"stages": [stage]}},
            )
            refusal(opened, "OK", [])
            found = "pending"
            for said in codes(answers):
                actor, word = said.split()
                request = {"id": opened.value["review"]["id"], "actor": actor}
                request["response"] = {"selectedOption": word}
                done = engine.call("review_respond", request)
                expect(done.status == "OK", f"{answers}: {actor} is refused: {done.status}")
                found = state(done.value["review"])
            engine.close()
            expect([found] == codes(outcome), f"{approvers} {quorum} {answers}: {found}")

    def _fresh(self, answer: dict[str, Any]) -> Outcome:
        engine = Engine(self.library)
        opened = engine.call("review_open", self.question)
        review = opened.value["review"]["id"]
        done = engine.call("review_respond", {"id": review, "actor": "ana"} | answer)
        if done.status != "OK" and self.question["kind"] != "verify":
            after = engine.call("review_get", {"id": review}).value
            expect(after == opened.value["review"], f"{answer}: a refusal has changed the review")
        engine.close()
        return done
