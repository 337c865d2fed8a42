"""Lists: the pages that are requested, the cursors between them, sorting and totals. Every list of the platform uses it.

| module | for |
|---|---|
| `messages` | members of requests for lists |
| `errors` | refusals of lists |
| `settings` | how long lists and pages may be |
| `values` | the window of rows that is requested |
| `rules` | the window that a request asks for, and its sort |
| `pages` | reading a window, and the answer with its total and next page |

A cursor is the id of the last row of a page, in whatever order the list is. Each module is public.
"""
