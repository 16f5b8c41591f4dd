"""Bots and the release of their versions: train, deploy, pause, roll back."""
