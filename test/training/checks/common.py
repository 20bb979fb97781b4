"""Reads the samples for every check, with only the standard library, from the CSV form of the same file."""
import csv


def table(path, delimiter=","):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def rows_of(path):
    """User, item and label of each row."""
    return [(int(row["user_id"]), int(row["item_id"]), int(row["label"])) for row in table(path)]


def read(rows):
    return [(user, item, int(label)) for user, item, label in rows]


def groups_of(path):
    """User, and the positive with its negatives, of each group whose positive has a logq_correction."""
    groups = []
    for row in table(path):
        if row["label"] == "1":
            groups.append((row["logq_correction"] != "", int(row["user_id"]), []))
        groups[-1][2].append(int(row["item_id"]))
    return [(user, items) for known, user, items in groups if known]
