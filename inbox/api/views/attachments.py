"""Files on their way into a message."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from inbox.api.serializers import answers, requests
from inbox.api.shapes.messages import attachment_shape
from inbox.rest.views import ApiView
from inbox.services.files import MAX_UPLOAD_BYTES, store_upload


class Attachments(ApiView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="upload_file",
        request={"multipart/form-data": requests.Upload},
        responses={201: answers.AttachmentShape},
    )
    def post(self, request: Request) -> Response:
        """Store a file, to be named in `attachments` of a message."""
        file: Any = request.FILES.get("file")
        if file is None:
            raise ValidationError({"file": ["Send the file as multipart form data."]})
        stored = store_upload(
            name=file.name,
            # One byte more than allowed is enough to refuse the rest.
            content=file.read(MAX_UPLOAD_BYTES + 1),
            content_type=file.content_type or "application/octet-stream",
            uploaded_by=self.me,
        )
        return Response(attachment_shape(stored), status=201)
