"""Measurements that stay: each module is a command. They read `../shared/data` where it lies."""
