"""How many connections the limit of open files allows."""

import resource

# Files and database connections need descriptors too.
_RESERVED_DESCRIPTORS = 200


def raise_descriptor_limit() -> int:
    """Raise the limit of open files to the hard limit; return how many connections that allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(most - _RESERVED_DESCRIPTORS, 100)
