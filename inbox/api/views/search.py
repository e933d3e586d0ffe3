"""Search over everything that was said."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from inbox.api.asking import params
from inbox.api.searching import search_page
from inbox.api.serializers import answers, requests
from inbox.rest.views import ApiView


class Search(ApiView):
    @extend_schema(
        operation_id="search", parameters=[requests.SearchParams], responses=answers.SearchPage
    )
    def get(self, request: Request) -> Response:
        """Find conversations by words, `"phrases"`, `#1042` and filters.

        Filters: `channel:email is:open assignee:me from:jane tag:vip team:sales order:#1001`.
        Accents and case do not matter; the last word may be unfinished.
        """
        return Response(search_page(self.me, **params(request, requests.SearchParams)))
