"""The REST API of the inbox, mounted at ``/api/v1/``. Paths have no slash at the end."""

from django.urls import path

from inbox.api.views import (
    attachments,
    contacts,
    conversations,
    merging,
    messages,
    people,
    search,
    shop,
    verifying,
)

app_name = "api"

urlpatterns = [
    path("me", people.Me.as_view()),
    path("counts", people.Counts.as_view()),
    path("members", people.Members.as_view()),
    path("teams", people.Teams.as_view()),
    path("saved-replies", people.SavedReplies.as_view()),
    path("channels", people.Channels.as_view()),
    path("conversations", conversations.Conversations.as_view()),
    path("conversations/<uuid:pk>", conversations.OneConversation.as_view()),
    path("conversations/<uuid:pk>/messages", messages.Thread.as_view()),
    path("conversations/<uuid:pk>/read", conversations.Reading.as_view()),
    path("conversations/<uuid:pk>/draft", conversations.Drafting.as_view()),
    path("conversations/<uuid:pk>/forward", conversations.Forwarding.as_view()),
    path("conversations/<uuid:pk>/verification", verifying.Verification.as_view()),
    path("conversations/<uuid:pk>/shop", shop.Beside.as_view()),
    path("messages/<uuid:pk>/cancellation", messages.Cancellation.as_view()),
    path("messages/<uuid:pk>/retry", messages.Retry.as_view()),
    path("attachments", attachments.Attachments.as_view()),
    path("contacts", contacts.Contacts.as_view()),
    path("contacts/<uuid:pk>", contacts.OneContact.as_view()),
    path("contacts/<uuid:pk>/timeline", contacts.Timeline.as_view()),
    path("contacts/<uuid:pk>/block", contacts.Block.as_view()),
    path("contacts/<uuid:pk>/merge", merging.Merging.as_view()),
    path("contacts/<uuid:pk>/merges", merging.Merges.as_view()),
    path("merges/<uuid:pk>/undo", merging.Undoing.as_view()),
    path("merge-suggestions", merging.Suggestions.as_view()),
    path("merge-suggestions/<uuid:pk>/acceptance", merging.Acceptance.as_view()),
    path("merge-suggestions/<uuid:pk>/dismissal", merging.Dismissal.as_view()),
    path("contacts/<uuid:pk>/orders", shop.Orders.as_view()),
    path("contacts/<uuid:pk>/customers", shop.Links.as_view()),
    path("contacts/<uuid:pk>/customers/<uuid:customer>", shop.OneLink.as_view()),
    path("shop-orders/<uuid:pk>", shop.OneOrder.as_view()),
    path("shop-customers", shop.Customers.as_view()),
    path("shop-variants", shop.Variants.as_view()),
    path("search", search.Search.as_view()),
]
