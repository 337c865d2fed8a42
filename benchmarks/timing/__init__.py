"""Measurement of whether response times, or those of subsequent requests, reveal what the responses conceal."""
