"""What to do with letters that are no plain base, kind by kind: a declared choice."""

from dataclasses import dataclass, fields, replace

from genomics.errors import SettingError
from genomics.io.wording import shorten

LETTER_WAYS = ("refuse", "n", "remove", "split", "drop")
RECORD_WAYS = ("refuse", "drop")
POLICY_HELP = (
    "refuse, n (odd letters count as N) or drop; or by kind, as in iupac=split,gap=remove "
    "(kinds: iupac, gap, stop, other, missing; ways: refuse, n, remove, split, drop)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A way for each kind.

    "refuse" stops, "n" counts the letter as an unknown base, "remove" takes it out and joins what is left, "split" cuts
    the record there into records of their own (`id_1`, `id_2`, ...), "drop" leaves the whole record out.

    Attributes:
        iupac: unknown bases: N and the other IUPAC letters.
        gap: - and . of an alignment.
        stop: *.
        other: whatever else is no base.
        missing: records without a sequence or a label, and whatever else is wrong with a whole record: refuse or drop.
    """

    iupac: str = "n"
    gap: str = "refuse"
    stop: str = "refuse"
    other: str = "refuse"
    missing: str = "refuse"

    def __post_init__(self) -> None:
        for field in fields(self):
            way, allowed = getattr(self, field.name), RECORD_WAYS if field.name == "missing" else LETTER_WAYS
            if way not in allowed:
                raise SettingError(f"{field.name}={shorten(str(way))} is no way to treat problems. Ways: {', '.join(allowed)}.")


WHOLE = {
    "refuse": Policy(),
    "n": Policy(gap="n", stop="n", other="n", missing="drop"),
    "drop": Policy(gap="drop", stop="drop", other="drop", missing="drop"),
}


def parse_policy(text: str) -> Policy:
    """Reads a policy as the command line has it.

    Args:
        text: a word of `WHOLE`, single choices such as "iupac=split,gap=remove", or a word followed by choices.

    Raises:
        SettingError: an unknown word, kind or way.

    Example:
        >>> parse_policy("n,iupac=split")
        Policy(iupac='split', gap='n', stop='n', other='n', missing='drop')
    """
    policy = Policy()
    kinds = [field.name for field in fields(Policy)]
    for number, part in enumerate(text.split(",")):
        kind, equals, way = (word.strip() for word in part.partition("="))
        if equals and kind in kinds:
            policy = replace(policy, **{kind: way})
        elif not equals and not number and kind in WHOLE:
            policy = WHOLE[kind]
        else:
            raise SettingError(
                f'"{shorten(text)}" is no way to treat problems. Ways: {", ".join(WHOLE)}; or by kind ({", ".join(kinds)}), '
                f'as in "iupac=split,gap=remove".'
            )
    return policy
