"""The structure of image files, read without decoding: it states what a decoder would have to do."""
