"""Checks the contract of a send policy."""

import random
from collections.abc import Callable, Iterable
from copy import deepcopy

from msgspec.structs import asdict

from ..server.policies import Admission, Message, Policy, Queue
from ._contract import check_documented, check_frozen, require_that
from ._policy_run import Action, PolicyRun, PolicyStep

_FRAME_BYTES = (18, 130, 6680, 6680, 65_546, 300_000)
_AFTER_S = (0.0, 0.005, 0.005, 1.0)
_KEYS = range(3)
_ENDLESS_FRAME, _ENDLESS_MESSAGES, _ENDLESS_S = bytes(2**24), 100_000, 3600.0
_QUEUED_BYTES = (0, 1, 2047, 2048, 2049, 10**6, 2**31)


def check_policy(make_policy: Callable[[], Policy], *, seed: int = 0, steps: int = 300) -> None:
    """Run a policy through its contract. Raises ContractBroken with what was expected.

    The queue must agree with every Admission; messages and bytes must be conserved; the stream must keep
    its order; no message may wait for ever; a policy with ``limits`` must not queue an endless stream that
    is not read; and the answers may depend only on the queue, the message and ``now``, so that one policy
    can serve any number of queues. ``seed`` and ``steps`` choose the random sequences.
    """
    policy = make_policy()
    require_that(isinstance(policy, Policy), f"{policy!r} is no Policy")
    check_frozen(policy)
    spec = deepcopy(asdict(policy))
    scripts = [_script(random.Random(seed + number), steps) for number in range(2)]
    alone = [_answers(make_policy(), script) for script in scripts]
    again = [_answers(policy, script) for script in scripts]
    require_that(alone == again, "the same sequence must get the same answers")
    trials = [PolicyRun(policy) for _ in scripts]
    for together in zip(*scripts, strict=True):
        for policy_run, step in zip(trials, together, strict=True):
            policy_run.play(step)
    shared = [policy_run.answers for policy_run in trials]
    require_that(shared == alone, "one policy must serve two queues as if each had its own")
    require_that(asdict(policy) == spec, "a policy keeps no state: only its queue does")
    if policy.limits:
        _check_limits(policy)
    _check_capacity(policy)
    check_documented(policy)


def _script(chance: random.Random, steps: int) -> list[PolicyStep]:
    """Random steps in which a queue alternately fills and drains, with messages of every size."""
    script = []
    for number in range(steps):
        offers = 8 if number // 40 % 2 == 0 else 2
        (action,) = chance.choices((Action.OFFER, Action.TAKE, Action.PUT_BACK), (offers, 10 - offers, 1))
        script.append(
            PolicyStep(action, chance.choice(_AFTER_S), chance.choice(_FRAME_BYTES), chance.choice(_KEYS))
        )
    return [PolicyStep(Action.TAKE, 0.0, 0), *script]


def _answers(policy: Policy, script: Iterable[PolicyStep]) -> list[object]:
    policy_run = PolicyRun(policy)
    for step in script:
        policy_run.play(step)
    answers = list(policy_run.answers)
    policy_run.finish()
    return answers


def _check_limits(policy: Policy) -> None:
    """Check that an endless stream to a client that reads nothing is not queued completely."""
    queue = Queue()
    for number in range(_ENDLESS_MESSAGES):
        now = number * _ENDLESS_S
        message = Message(number, _ENDLESS_FRAME, number % len(_KEYS), now)
        if policy.offer(queue, message, now) is not Admission.QUEUED:
            return
    require_that(False, "a policy that queues without end must say limits = False")


def _check_capacity(policy: Policy) -> None:
    capacities = [policy.capacity_bytes(queued) for queued in _QUEUED_BYTES]
    enough = all(have >= need for have, need in zip(capacities, _QUEUED_BYTES, strict=True))
    require_that(enough, "capacity_bytes must be at least what is queued")
    require_that(capacities == sorted(capacities), "capacity_bytes must not shrink where more is queued")
