"""The Managed Customer Contact Register: people's decisions about contact, as data, and who they are about."""
