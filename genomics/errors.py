"""What can go wrong because of what somebody gave us; everything else is a bug.

    GenomicsError
    |-- InputError           a file, a text or a record that cannot be used
    |   |-- TooLargeError    more bytes than the limit allows
    |-- SettingError         a hyperparameter, an option or a choice that is not allowed
    |-- RunError             a run that does not exist, is busy, or has not got what was asked of it

Each message names the thing, the value, what is allowed and the remedy. Pages show them, the command line
prints them as one line and ends with status 2.
"""


class GenomicsError(Exception):
    """The root: an error whose message is meant for the person in front of the screen."""


class InputError(GenomicsError):
    """A file, a pasted text or a record that cannot be used as it is."""


class TooLargeError(InputError):
    """More bytes than `GENOMICS_MAX_BYTES` allows, compressed or not."""


class SettingError(GenomicsError):
    """A setting outside what is allowed; the message lists what is."""


class RunError(GenomicsError):
    """A run that is missing, busy, or too young for what was asked."""
