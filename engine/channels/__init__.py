"""Shoppers' messages on their way in and answers on their way out, whatever channel they take.

Never here: how any one channel signs, writes or sends; that is `channel_adapters`.
"""
