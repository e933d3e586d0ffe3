"""The demo workspaces, built through the apps' own services (``manage.py demo``)."""
