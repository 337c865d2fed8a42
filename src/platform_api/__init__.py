"""The Platform API: contacts, roles and connections between them."""
