"""The caller, their colleagues, and small lists a screen loads once."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from inbox.api.counting import counts_for
from inbox.api.serializers import answers
from inbox.api.shapes import people
from inbox.rest.views import ApiView


class Me(ApiView):
    @extend_schema(operation_id="get_me", responses=answers.MeShape)
    def get(self, request: Request) -> Response:
        """Say who you are, where, and what you may do."""
        return Response(people.me_shape(self.me, scopes=self.caller.scopes))


class Counts(ApiView):
    @extend_schema(operation_id="get_counts", responses=answers.CountsShape)
    def get(self, request: Request) -> Response:
        """Say how much there is; 100 means more than 99."""
        return Response(counts_for(self.me))


class Members(ApiView):
    @extend_schema(operation_id="list_members", responses=answers.MemberList)
    def get(self, request: Request) -> Response:
        """List the people of the workspace, past ones too."""
        return Response({"results": people.members(), "next": None})


class Teams(ApiView):
    @extend_schema(operation_id="list_teams", responses=answers.TeamList)
    def get(self, request: Request) -> Response:
        """List the teams."""
        return Response({"results": people.teams(), "next": None})


class SavedReplies(ApiView):
    @extend_schema(operation_id="list_saved_replies", responses=answers.SavedReplyList)
    def get(self, request: Request) -> Response:
        """List the texts agents use often."""
        return Response({"results": people.saved_replies(), "next": None})


class Channels(ApiView):
    @extend_schema(operation_id="list_channels", responses=answers.ChannelList)
    def get(self, request: Request) -> Response:
        """List the channels and what they can do."""
        return Response({"results": people.channels(), "next": None})
