"""People from another program's file: a table or vCards, looked at first, then taken in, and undone as a whole."""
