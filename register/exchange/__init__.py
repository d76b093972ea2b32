"""The register in and out: spreadsheets that councils keep, read with every mistake told, and written whole."""
