"""What can be done in a shop: one file for each family of actions.

Each kind offers ``preview`` and ``outcome``, each remote step of ``commerce/plans.py`` ``perform`` and
``find``. The tables are read by ``identity/shopify/commerce.py``.
"""
