"""From files to DAGs: the folder is watched, each file imported in a child of its own, its code kept by content."""
