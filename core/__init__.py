"""What every room needs and none owns: settings, the database, the clock, logging and references."""
