"""What a service is, as data: messages, routes, access, errors, the type model and the catalog of operations."""
