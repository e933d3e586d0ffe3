"""Who may ask at all."""

from identity.commerce.policy_settings import Actor
from identity.commerce.verdicts import ALL, Answer, Case, RuleList, ask, refuse

RULES = RuleList()


@RULES.rule("actor.viewer", "People who only read change nothing in the shop.", ALL)
def _viewer(case: Case) -> Answer:
    if case.actor == Actor.VIEWER:
        return refuse("actor.viewer", "Your role reads only. Ask an agent to do this.")
    return None


@RULES.rule(
    "actor.customer",
    "A shopper does only what the merchant opened for self-service.",
    ALL,
)
def _customer(case: Case) -> Answer:
    if case.actor == Actor.CUSTOMER and case.kind not in case.settings.customer_may:
        return refuse("actor.customer", "Our team has to do this for you.")
    return None


@RULES.rule(
    "actor.ai",
    "The assistant does by itself only what the merchant allowed; for the rest a person confirms.",
    ALL,
)
def _assistant(case: Case) -> Answer:
    if case.actor == Actor.AI and case.kind not in case.settings.ai_may:
        return ask("actor.ai", "A person has to confirm what the assistant proposes here.")
    return None
