"""Who buys in the demo shops. All invented; e-mail domains and phone numbers belong to nobody."""

from dataclasses import dataclass

Street = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    last: str
    email: str
    country: str
    phone: str = ""
    locale: str = "en"
    tags: tuple[str, ...] = ()
    streets: tuple[Street, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryOrder:
    """An order that a demo conversation speaks of. Items are (title, variant, quantity)."""

    email: str
    items: tuple[tuple[str, str, int], ...]
    #: None: not sent yet.
    delivered_hours_ago: float | None = None


def _p(
    name: str, email: str, country: str, phone: str, locale: str, street: str, tags: str = ""
) -> Person:
    first, _, last = name.partition(" ")
    text, code, city = (part.strip() for part in street.split("|"))
    return Person(
        first, last, email, country, phone, locale, tuple(tags.split()), ((text, code, city),)
    )


#: Of data/orders.json.
EVAL = (
    _p(
        "Ana Ruiz",
        "ana.ruiz@example.com",
        "ES",
        "+34600111222",
        "es",
        "Calle Mayor 8|50001|Zaragoza",
    ),
    _p(
        "Ben Carter",
        "ben.carter@example.com",
        "GB",
        "+447700900123",
        "en",
        "14 Mill Lane|LS1 4DY|Leeds",
    ),
    _p(
        "Clara Vogel",
        "clara.vogel@example.com",
        "DE",
        "+4915112345678",
        "de",
        "Lindenweg 3|80331|München",
    ),
    _p(
        "Dana Lopez",
        "dana.lopez@example.com",
        "US",
        "+12025550143",
        "en",
        "410 Pine St|98101|Seattle",
    ),
    _p(
        "Élise Martin",
        "elise.martin@example.com",
        "FR",
        "+33612345678",
        "fr",
        "5 rue des Alpes|38000|Grenoble",
    ),
    _p(
        "Finn Jansen",
        "finn.jansen@example.com",
        "NL",
        "+31612345670",
        "en",
        "Singel 20|1012 VG|Amsterdam",
        "VIP",
    ),
    _p(
        "Gita Shah",
        "gita.shah@example.com",
        "GB",
        "+447700900456",
        "en",
        "7 Park Road|M14 5RJ|Manchester",
    ),
    _p(
        "Hugo Brandt",
        "hugo.brandt@example.com",
        "DE",
        "+4915187654321",
        "de",
        "Am Markt 1|28195|Bremen",
    ),
    _p("Iris Novak", "iris.novak@example.com", "AT", "+436601234567", "en", "Ring 12|1010|Wien"),
    _p(
        "Jack Miller",
        "jack.miller@example.com",
        "US",
        "+12025550177",
        "en",
        "22 Elm Ave|80202|Denver",
        "VIP",
    ),
    _p(
        "Kaya Demir",
        "kaya.demir@example.com",
        "NL",
        "+31687654321",
        "en",
        "Coolsingel 5|3011 AD|Rotterdam",
    ),
    _p(
        "Leo Rossi",
        "leo.rossi@example.com",
        "IT",
        "+393331234567",
        "en",
        "Via Roma 12|10121|Torino",
    ),
    _p(
        "Maud Peeters",
        "maud.peeters@example.com",
        "BE",
        "+32470123456",
        "en",
        "Meir 40|2000|Antwerpen",
    ),
)
#: Who writes in the demo's stories. Lina and the advertiser are in no shop, on purpose.
STORY = (
    _p(
        "Jonas Keller",
        "jonas.keller@shopper.example",
        "CH",
        "+41790000001",
        "de",
        "Seestrasse 2|8002|Zürich",
    ),
    _p(
        "Amélie Blanc",
        "amelie.blanc@shopper.example",
        "FR",
        "+33600000002",
        "fr",
        "3 quai Saône|69002|Lyon",
    ),
    _p(
        "Priya Wadhwa",
        "priya.wadhwa@shopper.example",
        "IE",
        "+353850000003",
        "en",
        "9 Quay St|H91|Galway",
    ),
    _p(
        "Marie Schulz",
        "marie.schulz@shopper.example",
        "DE",
        "+4915100000004",
        "de",
        "Bergstr. 5|87435|Kempten",
        "B2B",
    ),
    _p(
        "Tom Nguyen",
        "tom.nguyen@shopper.example",
        "GB",
        "+447700900005",
        "en",
        "2 Canal St|M1 3HE|Manchester",
    ),
    _p(
        "Greta Holm",
        "greta.holm@shopper.example",
        "SE",
        "+46700000006",
        "sv",
        "Storgatan 1|111 23|Stockholm",
    ),
    _p("Dana Miller", "dana@shopper.example", "NO", "+4790000007", "en", "Bryggen 4|5003|Bergen"),
    _p(
        "Oskar Lindqvist",
        "oskar.lindqvist@shopper.example",
        "SE",
        "+46700000008",
        "sv",
        "Kungsgatan 8|411 19|Göteborg",
    ),
    _p(
        "Hanne Dahl",
        "hanne.dahl@shopper.example",
        "NO",
        "+4790000009",
        "nb",
        "Fjordveien 12|6823|Sandane",
    ),
    _p(
        "Rafael Ortiz",
        "rafael.ortiz@shopper.example",
        "ES",
        "+34600000010",
        "es",
        "Calle Sol 3|35001|Las Palmas",
    ),
    _p(
        "Sofie Aas",
        "sofie.aas@shopper.example",
        "NO",
        "+4790000011",
        "nb",
        "Strandgata 2|9008|Tromsø",
    ),
    _p(
        "Jane Doe", "jane.doe@shopper.example", "IE", "+353850000012", "en", "1 Harbour Rd|T12|Cork"
    ),
)
_FIRST = [
    "Aino",
    "Bram",
    "Celia",
    "Dario",
    "Eira",
    "Fabio",
    "Greet",
    "Hilde",
    "Ivo",
    "Jutta",
    "Kasper",
    "Lotte",
    "Mads",
    "Nadia",
    "Olav",
    "Petra",
    "Quinn",
    "Runa",
    "Stijn",
    "Tilda",
    "Ulrik",
    "Vera",
    "Wim",
    "Xenia",
    "Yara",
    "Zoe",
    "Arne",
    "Birgit",
    "Cas",
    "Doris",
    "Emil",
    "Freja",
    "Gijs",
    "Haruto",
    "Khalid",
]
_LAST = [
    "Aalto",
    "Bakker",
    "Conti",
    "Dijkstra",
    "Eriksen",
    "Ferrari",
    "Gruber",
    "Hansen",
    "Iversen",
    "Jung",
    "Kowalski",
    "Lund",
    "Moreau",
    "Nilsson",
    "Olsen",
    "Pohl",
    "Quist",
    "Ricci",
    "Sorensen",
    "Thaler",
    "Ulrich",
    "Vos",
    "Weber",
    "Xanthos",
    "Yilmaz",
    "Zeman",
    "Andersen",
    "Berg",
    "Costa",
    "Dubois",
    "Engel",
    "Fuchs",
    "Graf",
    "Sato",
    "Al-Sabah",
]
_PLACES = (
    ("NL", "Kerkstraat {}|3511 AB|Utrecht"), ("DE", "Gartenweg {}|50667|Köln"), ("FR", "{} rue du Parc|75011|Paris"),
    ("NO", "Skogveien {}|0256|Oslo"), ("AT", "Hauptplatz {}|6020|Innsbruck"), ("DK", "Nygade {}|8000|Aarhus"),
    ("BE", "Kouter {}|9000|Gent"), ("GB", "{} High Street|EH1 1AA|Edinburgh"), ("IT", "Via Verdi {}|39100|Bolzano"),
    ("FI", "Puistokatu {}|00140|Helsinki"), ("PL", "Lipowa {}|30-702|Krakow"),
)  # fmt: skip


def _neighbours() -> tuple[Person, ...]:
    found = []
    for place, (first, last) in enumerate(zip(_FIRST, _LAST, strict=True)):
        country, street = _PLACES[place % len(_PLACES)]
        if first == "Haruto":
            country, street = "JP", "{}-4 Jinbocho|101-0051|Tokyo"
        if first == "Khalid":
            country, street = "KW", "Block {}|13001|Kuwait City"
        email = f"{first}.{last}@customer.example".lower()
        phone = "" if place % 5 == 4 else f"+3167000{place:04}"
        found.append(_p(f"{first} {last}", email, country, phone, "en", street.format(place + 1)))
    return tuple(found)


PEOPLE = (*EVAL, *STORY, *_neighbours())
STORY_ORDERS = {
    "#0987": StoryOrder("tom.nguyen@shopper.example", (("Fjell Sleeping Bag", "Regular", 1),), 1570),
    "#1005": StoryOrder("hanne.dahl@shopper.example", (("Vind Jacket", "M / Slate", 1),), 500),
    "#1011": StoryOrder("marie.schulz@shopper.example", (("Head Torch", "Orange", 6), ("Dry Bag Set", "3 pieces", 2)), 300),
    "#1019": StoryOrder("oskar.lindqvist@shopper.example", (("Trail Boots", "EU 43 / Brown", 1),), 30),
    "#1027": StoryOrder("amelie.blanc@shopper.example", (("Summit Pack 45L", "M/L / Moss", 1), ("Neck Gaiter", "Moss", 1)), 110),
    "#1030": StoryOrder("jonas.keller@shopper.example", (("Primus Stove", "One size", 1), ("Gas Cartridge 230 g", "230 g", 2)), 40),
    "#1033": StoryOrder("priya.wadhwa@shopper.example", (("Vind Jacket", "M / Slate", 1),), 70),
    "#1038": StoryOrder("greta.holm@shopper.example", (("Lyng Fleece", "M / Moss", 1), ("Wool Beanie", "Rust", 1))),
    "#1042": StoryOrder("dana@shopper.example", (("Nord 2 Tent", "Green", 1), ("Ground Sheet", "Nord 2", 1)), 3),
    "#1047": StoryOrder("sofie.aas@shopper.example", (("Storm Rain Trousers", "S / Black", 1),)),
    "#1049": StoryOrder("jane.doe@shopper.example", (("Merino Longsleeve", "M / Navy", 2),)),
}  # fmt: skip
SEASIDE_PEOPLE = (
    _p(
        "Miguel Costa",
        "miguel.costa@shopper.example",
        "PT",
        "+351910000001",
        "pt",
        "Rua do Mar 4|2750-642|Cascais",
    ),
    _p(
        "Nora Silva",
        "nora.silva@shopper.example",
        "PT",
        "+351910000002",
        "pt",
        "Praia Grande 9|2705|Sintra",
    ),
    _p("Dana Miller", "dana@shopper.example", "NO", "+4790000007", "en", "Bryggen 4|5003|Bergen"),
)
#: name, e-mail, product, variant, days ago
SEASIDE_STORIES = (
    ("#2003", "miguel.costa@shopper.example", "Wetsuit 4/3", "L", 1),
    ("#2002", "dana@shopper.example", "Blue Longboard", "9'2", 20),
    ("#2001", "nora.silva@shopper.example", "Board Wax", "Cold", 45),
)
