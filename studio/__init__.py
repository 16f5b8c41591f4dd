"""The merchant's journey: API client, sign-in, navigation, forms, charts and the process entry points.

Never here: retrieval, storage, vendor SDKs of shopper channels. The engine is reached over its REST API only.
"""
