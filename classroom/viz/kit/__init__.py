"""What every picture is made with: its type, palette, letters, pieces of SVG, rendering."""
