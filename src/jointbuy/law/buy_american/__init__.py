"""The US Buy American test of an end product (FAR 25.1, DFARS 225.1): one file for each rule."""
