"""Programs knock at doors of their own: no cookies, the same refusals."""

import json

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from identity.middleware import DOORS


def all_patterns(patterns=None, prefix=""):
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from all_patterns(one.url_patterns, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield prefix + str(one.pattern), one.callback


def test_views_for_programs_stand_where_programs_knock():
    marked = {path for path, view in all_patterns() if getattr(view, "for_programs", False)}
    assert "widget/v1/messages" in marked
    assert all(f"/{path}".startswith(DOORS) for path in marked)


@pytest.mark.django_db
def test_an_answer_to_a_program_sets_no_cookie_and_says_its_length(client):
    answer = client.post("/widget/v1/messages", "{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "dead_token")
    assert not answer.cookies
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert json.loads(answer.content)["request_id"]


@pytest.mark.django_db
def test_a_program_that_calls_us_by_a_foreign_name_is_refused(client):
    assert "evil.test" not in settings.ALLOWED_HOSTS
    answer = client.post("/widget/v1/messages", headers={"Host": "evil.test"})
    assert answer.status_code == 400


@pytest.mark.django_db
def test_pages_beside_the_doors_keep_their_content_policy(client):
    answer = client.get("/widget/v1/pk_nobody/form")
    assert answer.status_code == 404
    assert "Content-Security-Policy" in answer.headers
