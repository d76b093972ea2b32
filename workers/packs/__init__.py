"""A case as a bundle of files for somebody who has to judge it, each with its hash."""
