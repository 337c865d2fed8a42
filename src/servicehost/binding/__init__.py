"""Typed requests from what HTTP carries: path, query, form and body, with all field errors collected."""
