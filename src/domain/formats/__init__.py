"""The structure of image files, read from their bytes alone: what a decoder would have to do, before it does it."""
