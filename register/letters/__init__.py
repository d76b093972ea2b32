"""The letters that the policies name: composed from the case, worded as data, written as documents."""
