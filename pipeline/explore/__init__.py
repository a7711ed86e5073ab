"""`tongket explore`: a release in the browser. Pages over its SQLite file, served by Datasette, read-only and offline."""
