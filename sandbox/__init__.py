"""A Telegram of one's own on loopback: a Bot API server over HTTP and a web page of phones.

It is a process of its own, keeps everything in memory, and knows nothing of the product.
"""
