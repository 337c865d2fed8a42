"""Lists of rows: pages, cursors, sorting and totals."""
