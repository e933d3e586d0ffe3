"""The policy engine: request + order facts + settings + who asks + now → verdict with rule id.

Pure and deterministic: no database, no clock, no network. Every rule is a function in ``RULES`` with
a stable id; the first refusal wins, then the first need for approval, else the action is allowed.
The same code guards the write, answers what a shopper may do, and fills the dry-run table.
"""

from identity.commerce.plans import PLANS
from identity.commerce.rules import (
    cancelling,
    changing,
    goodwill,
    limits,
    orders,
    refunding,
    returning,
    who,
)
from identity.commerce.verdicts import Case, Decision, Rule, Verdict

#: The order they are asked in.
RULES: tuple[Rule, ...] = (
    *who.RULES,
    *orders.RULES,
    *cancelling.RULES,
    *returning.RULES,
    *refunding.RULES,
    *changing.RULES,
    *goodwill.RULES,
    *limits.RULES,
)


def judge(case: Case) -> Verdict:
    """Return the verdict. Which rules exist is documented in docs/commerce.md."""
    approval: Verdict | None = None
    for one in RULES:
        if case.kind not in one.kinds:
            continue
        found = one.check(case)
        if found is not None and found.decision == Decision.REFUSED:
            return found
        approval = approval or found
    if approval is not None:
        return approval
    noun = PLANS[case.kind].noun
    return Verdict(Decision.ALLOWED, f"{case.kind}.allowed", f"{noun}: within the shop's policy.")
