"""A person behind the bot: asked for, told, taking over, and handing back.

Never here: what the bot answers, or how a person's words reach the shopper.
"""
