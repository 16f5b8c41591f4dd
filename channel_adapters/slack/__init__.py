"""Slack: how replies are written there. Never here: other channels."""
