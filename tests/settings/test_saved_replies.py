import pytest

from identity.tenancy import tenant_scope
from inbox.models import SavedReply

LABEL = {"name": "Return label", "shortcut": "return", "body": "Hi {{contact.first_name}}!"}


@pytest.fixture
def window(sign_in, ana):
    return sign_in(ana)


def replies(shop):
    with tenant_scope(shop.pk):
        return list(SavedReply.objects.values_list("name", "shortcut", "body"))


def test_reply_is_written_changed_and_deleted(window, shop):
    window.post("/settings/saved-replies/new/", LABEL)
    assert replies(shop) == [("Return label", "return", "Hi {{contact.first_name}}!")]
    with tenant_scope(shop.pk):
        reply = SavedReply.objects.get()
    window.post(f"/settings/saved-replies/{reply.pk}/", {**LABEL, "name": "Label"})
    assert replies(shop)[0][0] == "Label"
    window.post(f"/settings/saved-replies/{reply.pk}/deletion/")
    assert replies(shop) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "return LABEL", "shortcut": "x"}, "There is a saved reply called return LABEL"),
        ({"name": "Other"}, "The shortcut return belongs to another saved reply."),
        (
            {"name": "Other", "shortcut": "x", "body": "Hi {{order.id}}"},
            "Nothing fills in {{order.id}}",
        ),
        ({"name": "Other", "shortcut": "two words"}, "Use letters, digits and hyphens only"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_would_not_work_is_said_beside_the_field(window, shop, changes, sentence):
    window.post("/settings/saved-replies/new/", LABEL)
    page = window.post("/settings/saved-replies/new/", {**LABEL, **changes}).content.decode()
    assert sentence in page
    assert len(replies(shop)) == 1


def test_preview_fills_in_an_example(window):
    shown = window.post("/settings/saved-replies/preview/", {"body": "Hi {{ contact.name }}!"})
    assert "Hi Dana Miller!" in shown.content.decode()


def test_preview_never_runs_what_was_typed(window):
    shown = window.post("/settings/saved-replies/preview/", {"body": "<b onclick=x>"})
    assert "&lt;b onclick=x&gt;" in shown.content.decode()
