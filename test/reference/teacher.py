"""The values of a teacher, and the rows on which it is trusted."""

from dataclasses import dataclass

from world import column, real


@dataclass(frozen=True)
class Teacher:
    """`column`: a role of the candidates, or a column of the impressions."""

    column: str
    table: str
    on: str


def read(stage, unit):
    """The teacher of a stage; None without one. Groups of the unit positive have none."""
    written = stage.get("teacher")
    if written is None or unit == "positive":
        return None
    return Teacher(written["column"], written.get("from", "candidates"), written.get("on", "all"))


class Teaching:
    """The column `teacher` of the rows, and its coverage."""

    def __init__(self, world):
        self.world = world
        self.teacher = world.stage.teacher
        names = [None, *(e.name for e in world.stage.entries)]
        if world.stage.unit == "impression" and not world.stage.entries:
            names.append("exposed_unclicked")
        self.coverage = {name: [0, 0] for name in names}

    def columns(self, group, item, exposure, entry):
        """`exposure`: the row's own. `entry`: None for a positive."""
        if self.teacher is None:
            return {}
        if not self.trusts(group, item):
            return {"teacher": None}
        value = self.value(group, item, exposure)
        self.coverage[entry][0] += 1
        self.coverage[entry][1] += value is not None
        return {"teacher": value}

    def trusts(self, group, item):
        if self.teacher.on == "all" or self.world.stage.unit == "impression":
            return True
        return any(i.item == item and i.time <= self.world.known_until for i in self.world.shown_in.get(group.shown_in, []))

    def value(self, group, item, exposure):
        """Of several channels, the largest value; of an exposure, its own. NaN is no value."""
        if self.teacher.table == "impressions":
            values = [] if exposure is None else [exposure.row[self.teacher.column]]
        else:
            name = column(self.world.stage.config["data"]["candidates"]["columns"][self.teacher.column])["column"]
            values = [c.row[name] for c in self.world.candidates.get(group.shown_in, []) if c.item == item]
        known = [float(v) for v in values if real(v) is not None]
        return max(known, default=None)

    def answer(self):
        if self.teacher is None:
            return {}
        return {"teacher": [{"entry": name, "trusted": trusted, "known": known} for name, (trusted, known) in self.coverage.items()]}
