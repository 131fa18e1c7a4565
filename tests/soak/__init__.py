"""Bad days in a row: Wysper is killed and plagued while people write, and has to hold what they have written."""
