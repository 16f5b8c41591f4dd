"""The default family: everything on one machine, with no key and no network."""
