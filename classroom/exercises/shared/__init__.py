"""What the checks of a chapter need beside the chapter: wrong variants, walks, small machines."""
