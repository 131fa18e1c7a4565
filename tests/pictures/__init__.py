"""Takes the picture of every screen, in two languages, and lays them out in docs/screens.md."""
