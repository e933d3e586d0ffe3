"""What the customers of the demo shops wrote and were answered. Data only; ``telling.py`` plays it.

Ages are minutes before now. A customer's line is ``Said``; the first name of ``by`` is an agent's.
"""

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Said:
    """The customer wrote. ``photo`` adds a picture of that name."""

    ago: int
    text: str
    photo: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    ago: int
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Noted:
    ago: int
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """An agent changed the conversation; ``snooze`` is in hours from now, ``team`` a name."""

    by: str
    changes: dict[str, Any] = field(default_factory=dict)
    assignee: str = ""
    team: str = ""
    snooze: int = 0


Step = Said | Answered | Noted | Changed


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation. ``unread`` leaves its last message new to everybody."""

    channel: Literal["chat", "email"]
    name: str
    email: str
    steps: tuple[Step, ...]
    subject: str = ""
    topic: str = ""
    order_number: str = ""
    spam: bool = False
    unread: bool = False
    #: A draft an agent has begun: (first name, text).
    draft: tuple[str, str] | None = None


FJELLMARK = (
    Story(
        channel="email",
        name="Jonas Keller",
        email="jonas.keller@shopper.example",
        subject="Stove and gas in one parcel?",
        steps=(
            Said(
                5 * 24 * 60,
                "Hello,\n\ncan you send the Primus stove and two gas cartridges to Switzerland in "
                "one parcel? The cart wants two shipments.\n\nBest,\nJonas",
            ),
            Answered(
                5 * 24 * 60 - 95,
                "Ida",
                "Hi Jonas,\n\ngas travels by road only, so it comes as a parcel of its own, one or "
                "two days later. You pay shipping once.\n\nIda",
            ),
            Said(4 * 24 * 60, "That is fine. Ordered, thank you!"),
            Changed(
                "Ida",
                {"status": "closed", "topic": "presales", "outcome": "sale-won", "tags": ["gas"]},
                assignee="Ida",
            ),
        ),
    ),
    Story(
        channel="email",
        name="Amélie Blanc",
        email="amelie.blanc@shopper.example",
        subject="Retour du sac à dos",
        steps=(
            Said(
                3 * 24 * 60,
                "Bonjour,\n\nle sac de 45 L est trop grand pour moi. Comment le renvoyer ? "
                "Commande #1027.\n\nMerci,\nAmélie",
            ),
            Answered(
                3 * 24 * 60 - 180,
                "Gus",
                "Bonjour Amélie,\n\nbien sûr : l'étiquette de retour est dans votre compte, "
                "commande #1027. Le remboursement suit dans les cinq jours après l'arrivée.\n\nGus",
            ),
            Changed(
                "Gus",
                {"status": "waiting", "topic": "returns"},
                assignee="Gus",
                team="Returns and warranty",
            ),
        ),
    ),
    Story(
        channel="email",
        name="Priya Wadhwa",
        email="priya.wadhwa@shopper.example",
        subject="Exchange for a size down",
        steps=(
            Said(
                2 * 24 * 60 + 200,
                "Hi, the Vind jacket in M is too wide in the shoulders. Could I swap it for an S? "
                "Order #1033. Tags are still on.",
            ),
            Answered(
                2 * 24 * 60,
                "Gus",
                "Hi Priya,\n\nI have set an S aside for you. Send the M back with the label in this "
                "mail; the S leaves as soon as the parcel is scanned.\n\nGus",
            ),
            Changed(
                "Gus",
                {"topic": "returns", "tags": ["exchange"]},
                assignee="Gus",
                snooze=44,
            ),
        ),
    ),
    Story(
        channel="email",
        name="Marie Schulz",
        email="marie.schulz@shopper.example",
        subject="Rechnung mit USt-ID für Bestellung #1011",
        steps=(
            Said(
                190,
                "Guten Tag,\n\nich brauche für die Bestellung #1011 eine Rechnung mit unserer "
                "USt-ID DE123456789.\n\nMit freundlichen Grüßen\nMarie Schulz\nBergwacht Allgäu e. V.",
            ),
            Changed("Ida", {"topic": "payments"}, assignee="Ida"),
        ),
        draft=(
            "Ida",
            "Guten Tag Frau Schulz,\n\ndie Rechnung mit Ihrer USt-ID finden Sie im Anhang.",
        ),
    ),
    Story(
        channel="chat",
        name="Tom Nguyen",
        email="tom.nguyen@shopper.example",
        topic="my-order",
        order_number="#0987",
        steps=(
            Said(150, "Hi! Did my repair parcel arrive? Order #0987, the sleeping bag."),
            Answered(146, "Gus", "Hi Tom! It came in this morning and is on the bench now."),
            Answered(145, "Gus", "The new zip takes us two days; you get a mail when it leaves."),
            Said(121, "Thanks! And the zip, is that under warranty too?"),
            Changed("Gus", {"topic": "warranty"}, assignee="Gus", team="Returns and warranty"),
        ),
        unread=True,
    ),
    Story(
        channel="email",
        name="Greta Holm",
        email="greta.holm@shopper.example",
        subject="Wrong address on #1038",
        steps=(
            Said(
                75,
                "Hej,\n\nI moved and forgot to change my address. Order #1038 must go to Sankt "
                "Olofsgatan 12, 753 11 Uppsala. Is it still possible?\n\nGreta",
            ),
            Noted(61, "Gus", "@Ida not packed yet, I stopped it in the warehouse. Address change?"),
            Changed("Gus", {"priority": "high", "topic": "shipping"}, team="Warehouse"),
        ),
        unread=True,
    ),
    Story(
        channel="chat",
        name="Lina",
        email="lina.backpacks@shopper.example",
        topic="stock",
        steps=(Said(66, "Restock of the 45 L in moss?"),),
        unread=True,
    ),
    Story(
        channel="email",
        name="Dana Miller",
        email="dana@shopper.example",
        subject="Tent pole arrived bent, trip is on Friday",
        steps=(
            Said(
                52,
                "Hi, my tent came today (order #1042) and one pole is bent. We leave on Friday. "
                "What can you do?\n\nDana",
                photo="bent-pole.png",
            ),
            Answered(
                40,
                "Ida",
                "Hi Dana,\n\nI am sorry about the pole. Keep the tent: a new pole can leave Bergen "
                "this afternoon by express. Is somebody at home on Thursday?\n\nIda",
            ),
            Said(
                21,
                "Had to close the laptop. If a pole gets here by Thursday I'm happy to keep the "
                "tent. Somebody is at home all day.\n\nDana",
            ),
            Noted(18, "Gus", "@Ida Bergen confirms they can pack it before 15:00."),
            Changed(
                "Ida",
                {"priority": "urgent", "topic": "warranty", "tags": ["damaged on arrival"]},
                assignee="Ida",
                team="Returns and warranty",
            ),
        ),
        unread=True,
        draft=(
            "Ida",
            "Hi Dana,\n\na new pole leaves Bergen this afternoon by express and should be with you "
            "on Thursday. Keep the tent, no need to send anything back.",
        ),
    ),
    Story(
        channel="email",
        name="Oskar Lindqvist",
        email="oskar.lindqvist@shopper.example",
        subject="Re: Your order #1019 has been delivered",
        steps=(
            Said(
                26 * 60,
                "The parcel is marked delivered, but nothing is here and the neighbours have "
                "nothing either.\n\nOskar",
            ),
            Answered(
                25 * 60,
                "Ida",
                "Hi Oskar,\n\nDHL says it lies in the parcel shop at Kungsgatan 4; the card in your "
                "letter box must have been lost. Your code is in the app under order #1019.\n\nIda",
            ),
            Said(23 * 60, "Found it. Thank you for the quick answer!"),
            Changed(
                "Ida",
                {"status": "closed", "topic": "shipping", "tags": ["parcel shop"]},
                assignee="Ida",
            ),
        ),
    ),
    Story(
        channel="email",
        name="Hanne Dahl",
        email="hanne.dahl@shopper.example",
        subject="Which waterproofing for the Vind jacket?",
        steps=(
            Said(
                33,
                "Hello Fjellmark,\n\nmy Vind jacket no longer sheds water after two winters. Which "
                "wash do you recommend, and how hot may the dryer be?\n\nHanne",
                html="<p>Hello Fjellmark,</p><p>my <b>Vind jacket</b> no longer sheds water after "
                "two winters. Which wash do you recommend, and how hot may the dryer be?</p>"
                "<p>Hanne</p>",
            ),
        ),
        unread=True,
    ),
    Story(
        channel="email",
        name="SEO Growth Partners",
        email="sales@seo-growth.example",
        subject="Quick question about fjellmark.example",
        spam=True,
        steps=(
            Said(
                300,
                "Dear owner, we noticed your website is not on the first page. We guarantee you the "
                "number one spot in seven days. Reply YES.",
            ),
        ),
    ),
    Story(
        channel="chat",
        name="Rafael Ortiz",
        email="rafael.ortiz@shopper.example",
        topic="shipping",
        steps=(Said(2, "¿Hacen envíos a Canarias?"),),
        unread=True,
    ),
    Story(
        channel="chat",
        name="Sofie Aas",
        email="sofie.aas@shopper.example",
        topic="sizing",
        steps=(
            Said(28, "I am 172 cm and between S and M in the rain trousers. Which one?"),
            Answered(26, "Gus", "Hi Sofie! For walking take the S, they are cut generously."),
            Said(25, "Perfect, S it is. Thanks!"),
            Changed(
                "Gus",
                {"status": "closed", "topic": "sizing", "outcome": "sale-won"},
                assignee="Gus",
            ),
        ),
    ),
)

SEASIDE = (
    Story(
        channel="email",
        name="Miguel Costa",
        email="miguel.costa@shopper.example",
        subject="Wetsuit size",
        steps=(
            Said(240, "Olá, I am 184 cm and 78 kg. L or XL in the 4/3 suit? Order #2003."),
            Answered(
                200, "Eve", "Hi Miguel,\n\ntake the L; it gives a little in salt water.\n\nEve"
            ),
            Changed("Eve", {"status": "waiting", "topic": "sizing"}, assignee="Eve"),
        ),
    ),
    Story(
        channel="chat",
        name="Nora Silva",
        email="nora.silva@shopper.example",
        topic="stock",
        steps=(Said(17, "Is the blue longboard back in store?"),),
        unread=True,
    ),
)

STORIES = {"demo": FJELLMARK, "other": SEASIDE}
