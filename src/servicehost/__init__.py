"""A message-based web-service host: typed requests and responses, served in every format with pages and clients.

Declare messages (`servicehost.contract`), give each request a handler, and mount the catalog with
`servicehost.http`. The host knows nothing of what the messages are about.
"""
