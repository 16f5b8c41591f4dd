"""The processes one can start. Never here: anything that another module imports."""
