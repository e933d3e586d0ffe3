"""What Shopify calls: its webhooks' door."""

from django.urls import path

from identity.shopify.webhooks import shopify_hook

app_name = "shopify"

urlpatterns = [
    path("hooks/shopify/", shopify_hook, name="hook"),
]
