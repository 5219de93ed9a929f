"""What a benchmark gives: rows of a table, and how times are written in it."""

import statistics
from dataclasses import dataclass


@dataclass
class Row:
    """One line of the table. All but `runs` are texts as they are shown; "" where there is nothing to say."""

    job: str
    limit: str
    peer: str
    zood: str
    ratio: str
    runs: int


def milliseconds(seconds):
    return f"{seconds * 1000:.1f} ms"


def percentile(values, percent):
    """The smallest value that so many percent of all are not above."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def spread(seconds):
    """Median and 95th percentile."""
    return f"{milliseconds(statistics.median(seconds))}, p95 {milliseconds(percentile(seconds, 95))}"


def markdown(rows):
    cells = [["job", "limit", "peer", "zood", "ratio", "runs"]]
    cells += [[row.job, row.limit, row.peer, row.zood, row.ratio, str(row.runs)] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = ["| " + " | ".join(text.ljust(width) for text, width in zip(line, widths)) + " |" for line in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
