"""What Shopify calls, what its admin frames, and the settings page of shops."""

from django.urls import path

from identity.shopify.views import embedded, settings
from identity.shopify.webhooks import shopify_hook

app_name = "shopify"

urlpatterns = [
    path("hooks/shopify/", shopify_hook, name="hook"),
    path("shopify/", embedded.app_page, name="app"),
    path("shopify/bounce/", embedded.bounce, name="bounce"),
    path("shopify/progress/", embedded.progress, name="progress"),
    path("shopify/entrance/", embedded.entrance, name="entrance"),
    path("shopify/callback/", settings.callback, name="callback"),
    path("shopify/claims/<str:key>/", settings.claim, name="claim"),
    path("settings/shops/", settings.shop_list, name="shops"),
    path("settings/shops/connection/", settings.connect, name="connect"),
    path("settings/shops/<uuid:pk>/reading/", settings.reading, name="reading"),
    path("settings/shops/<uuid:pk>/disconnection/", settings.disconnection, name="disconnection"),
]
