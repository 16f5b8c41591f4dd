"""Platforms that have no server we could run: each speaks its documented shapes over loopback, and checks ours."""
