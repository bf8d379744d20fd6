"""Holds what `hhschema sql` writes against what real Django executed, statement by statement.

The denominator is what Django executed. A statement is *equal* when the texts are, but for a final semicolon and the values that
only the run makes (counted as masked). It is *not analysed* when ours has a hole, or is not there in an operation that says why it was
not analysed. All else is *different*: another text, a statement that is missing, and one that Django did not execute.
What runs at the end of a migration is compared as a multiset, and so are operations that follow the order of a Python set
(counted as `any_order` where only that made them equal); all else in order.
"""

import collections
import dataclasses
import re

from record import DDL

# How our text shows a value that only the run makes, and what Django may have had there. Text stands last: it is the widest.
OF_THE_MOMENT = {
    "'00000000000000000000000000000000'::uuid": r"'[0-9a-f]{32}'::uuid",
    "'1970-01-01 00:00:00+00:00'::timestamptz": r"'[^']*'::timestamptz",
    "'1970-01-01 00:00:00'::timestamp": r"'[^']*'::timestamp",
    "'1970-01-01'::date": r"'[^']*'::date",
    "'00:00:00'::time": r"'[^']*'::time",
    "'(computed when the migration runs)'": r"'(?:[^']|'')*'",
}
# How `hhschema sql` writes a part that is not known.
HOLE = "/* not known */"
# They walk over sets: of models that refer to one, and of tuples of fields.
IN_SET_ORDER = {"RenameModel", "AlterUniqueTogether", "AlterIndexTogether"}
# contenttypes puts it into the plan; it is in no file, and sends no DDL.
INJECTED = "RenameContentType"


@dataclasses.dataclass
class Tally:
    migrations: int = 0
    operations: int = 0
    operations_not_analysed: int = 0
    statements: int = 0
    equal: int = 0
    different: int = 0
    not_analysed: int = 0
    masked: int = 0
    any_order: int = 0
    rows_aside: int = 0

    def __add__(self, other):
        return Tally(*(one + two for one, two in zip(dataclasses.astuple(self), dataclasses.astuple(other))))


@dataclasses.dataclass
class Difference:
    """One statement that is not equal; `written` or `executed` is None where the other stands alone."""

    migration: str
    operation: str
    written: str | None
    executed: str | None
    why: str | None

    def shape(self):
        """What it has in common with others of its kind."""
        return (self.operation, shape_of(self.written), shape_of(self.executed), self.why and shape_of(self.why))


def shape_of(text):
    if text is None:
        return None
    text = re.sub(r"'(?:[^']|'')*'", "'_'", text)
    text = re.sub(r'"[^"]*"', '"_"', text)
    text = re.sub(r'("_")(, "_")+', r'"_", ..', text)
    return re.sub(r"\d+", "0", text)[:400]


class Comparison:
    """What a package came to on one release of Django."""

    def __init__(self, recorded, written):
        self.tally = Tally()
        self.differences = []
        # What is no statement: a migration that only one side has, another order, another atomicity.
        self.problems = []
        ours = {(run["app"], run["name"]): run for run in written}
        for run in recorded:
            self.tally.migrations += 1
            self.migration(run, ours.pop((run["app"], run["name"]), None))
        for app, name in ours:
            self.migration({"app": app, "name": name, "operations": [], "deferred": []}, ours[app, name])
            self.problems.append(f"{app}.{name}: Django did not run it")
        self.order(recorded, written)

    def order(self, recorded, written):
        both = {(run["app"], run["name"]) for run in recorded} & {(run["app"], run["name"]) for run in written}
        lists = [[key for run in runs if (key := (run["app"], run["name"])) in both] for runs in (recorded, written)]
        for theirs, ours in zip(*lists):
            if theirs != ours:
                self.problems.append(f"{'.'.join(ours)} is written where Django ran {'.'.join(theirs)}")
                return

    def migration(self, executed, written):
        name = f"{executed['app']}.{executed['name']}"
        if written is None:
            self.problems.append(f"{name}: not written")
            written = {"operations": [], "deferred": []}
        elif executed.get("atomic", written["atomic"]) != written["atomic"]:
            self.problems.append(f"{name}: atomic is {written['atomic']}, and Django had {executed['atomic']}")
        theirs = [operation for operation in executed["operations"] if operation["operation"] != INJECTED]
        ours = written["operations"]
        if len(theirs) != len(ours) and executed["operations"]:
            self.problems.append(f"{name}: {len(ours)} operations are written, and Django had {len(theirs)}")
        nothing = {"operation": None, "statements": [], "sent": [], "not_analysed": None}
        for at in range(max(len(theirs), len(ours))):
            one = theirs[at] if at < len(theirs) else nothing
            two = ours[at] if at < len(ours) else nothing
            self.operation(f"{name}[{at}]", one, two)
        whys = [operation["not_analysed"] for operation in ours if operation["not_analysed"]]
        deferred = [one["statement"] for one in executed["deferred"]]
        self.multiset(Place(name, "at the end", whys[0] if whys else None), written["deferred"], deferred)

    def operation(self, name, executed, written):
        self.tally.operations += 1
        self.tally.operations_not_analysed += written["not_analysed"] is not None
        place = Place(name, executed["operation"] or written["operation"], written["not_analysed"])
        ours = written["statements"]
        if executed["operation"] in IN_SET_ORDER and not in_order(ours, executed["sent"]):
            before = self.tally.equal
            self.multiset(place, ours, executed["sent"])
            self.tally.any_order += self.tally.equal - before
        else:
            self.sequence(place, ours, executed["sent"])

    def sequence(self, place, written, executed):
        written, executed = plain(written), plain(executed)
        self.tally.statements += len(executed)
        common = longest_common(written, executed)
        last_written = last_executed = 0
        for one, two in [*common, (len(written), len(executed))]:
            self.gap(place, written[last_written:one], executed[last_executed:two])
            last_written, last_executed = one + 1, two + 1
        for one, two in common:
            self.equal(masks(written[one], executed[two]))

    def multiset(self, place, written, executed):
        written, executed = plain(written), plain(executed)
        self.tally.statements += len(executed)
        rest = []
        for text in written:
            found = next((at for at, other in enumerate(executed) if masks(text, other) is not None), None)
            if found is None:
                rest.append(text)
            else:
                self.equal(masks(text, executed.pop(found)))
        self.gap(place, sorted(rest), sorted(executed))

    def equal(self, masked):
        self.tally.equal += 1
        self.tally.masked += masked > 0

    def gap(self, place, written, executed):
        """What has no partner, side by side."""
        if len(written) > len(executed):
            # Rows that Python code changes are nobody's schema; Django's side of them was not recorded.
            rows = [at for at, text in enumerate(written) if place.is_code() and not DDL.match(text)]
            aside = set(rows[: len(written) - len(executed)])
            self.tally.rows_aside += len(aside)
            written = [text for at, text in enumerate(written) if at not in aside]
        for at in range(max(len(written), len(executed))):
            ours = written[at] if at < len(written) else None
            theirs = executed[at] if at < len(executed) else None
            is_open = HOLE in ours if ours is not None else place.why is not None
            if is_open and theirs is not None:
                self.tally.not_analysed += 1
            else:
                self.tally.different += 1
            self.differences.append(Difference(place.name, place.operation, ours, theirs, place.why))

    def classes(self):
        """Differences by their shape: how many, and the first of each; the most common first."""
        groups = collections.defaultdict(list)
        for difference in self.differences:
            groups[difference.shape()].append(difference)
        return groups


@dataclasses.dataclass
class Place:
    name: str
    operation: str
    why: str | None

    def is_code(self):
        """Whether the statements come from Python code, whose statements on rows are not recorded."""
        return self.operation not in {"RunSQL", "at the end"}


def plain(statements):
    """As a final semicolon and the space about a text do not tell statements apart."""
    return [text.strip().rstrip(";").rstrip() for text in statements]


def masks(written, executed):
    """How many values of the moment our text has, when it is what Django executed but for those; else None."""
    if written == executed:
        return 0
    markers = [marker for marker in OF_THE_MOMENT if marker in written]
    if not markers:
        return None
    pattern = re.escape(written)
    for marker in markers:
        pattern = pattern.replace(re.escape(marker), OF_THE_MOMENT[marker])
    return sum(written.count(marker) for marker in markers) if re.fullmatch(pattern, executed, re.DOTALL) else None


def in_order(written, executed):
    written, executed = plain(written), plain(executed)
    return len(written) == len(executed) and all(masks(*both) is not None for both in zip(written, executed))


def longest_common(written, executed):
    """The pairs of places of a longest common subsequence."""
    lengths = [[0] * (len(executed) + 1) for _ in range(len(written) + 1)]
    same = [[masks(one, two) is not None for two in executed] for one in written]
    for at in reversed(range(len(written))):
        for other in reversed(range(len(executed))):
            skipped = max(lengths[at + 1][other], lengths[at][other + 1])
            lengths[at][other] = lengths[at + 1][other + 1] + 1 if same[at][other] else skipped
    pairs, at, other = [], 0, 0
    while at < len(written) and other < len(executed):
        if same[at][other]:
            pairs.append((at, other))
            at, other = at + 1, other + 1
        elif lengths[at + 1][other] >= lengths[at][other + 1]:
            at += 1
        else:
            other += 1
    return pairs
