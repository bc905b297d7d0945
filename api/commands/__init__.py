"""The commands of `newsgraph`. Their functions import what is heavy, their modules do not."""
