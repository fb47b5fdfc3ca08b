"""A static site of a configuration: a page for each object and module, made of the outputs of the other steps."""
