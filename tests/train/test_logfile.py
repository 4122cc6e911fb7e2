from __future__ import annotations

import csv
import json
import math
import re
from pathlib import Path

import pytest

from knetc.errors import ArgumentError, FileError
from knetc.train.history import History
from knetc.train.logfile import LogFile

NAMES = ["step", "loss", "correct"]
RECORDS = [{"step": step, "loss": 1 / step, "correct": 10 * step} for step in range(1, 8)]


@pytest.fixture(params=["log.jsonl", "log.csv"])
def path(request, tmp_path):
    return tmp_path / request.param


def write(path, records, after=0, names=NAMES):
    log = LogFile(path)
    log.begin(after, names)
    for record in records:
        log.write(record)
    log.end()


def test_records_come_back_exactly(path):
    write(path, RECORDS)
    assert History.read(path) == RECORDS
    assert [type(value) for value in History.read(path)[0].values()] == [int, float, int]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.0, 5e-324, 1e22, 10**30, -3])
def test_every_number_comes_back_exactly(path, value):
    write(path, [{"step": 1, "loss": value, "correct": 0}])
    assert repr(History.read(path)[0]["loss"]) == repr(value)


def test_jsonl_is_json_on_every_line(tmp_path):
    write(tmp_path / "log.jsonl", [*RECORDS, {"step": 8, "loss": math.nan, "correct": math.inf}])

    def refuse(name):
        raise ValueError(name)

    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    found = [json.loads(line, parse_constant=refuse) for line in lines]
    assert found == [*RECORDS, {"step": 8, "loss": None, "correct": math.inf}]


def test_csv_is_a_table_with_a_head(tmp_path):
    write(tmp_path / "log.csv", [*RECORDS, {"step": 8, "correct": 3}])
    rows = list(csv.DictReader((tmp_path / "log.csv").read_text().splitlines()))
    assert rows[0] == {"step": "1", "loss": "1.0", "correct": "10"}
    assert rows[-1] == {"step": "8", "loss": "", "correct": "3"}


def test_a_record_is_in_the_file_as_soon_as_it_is_written(path):
    log = LogFile(path)
    log.begin(0, NAMES)
    for count, record in enumerate(RECORDS, start=1):
        log.write(record)
        assert History.read(path) == RECORDS[:count]
    log.end()


def test_the_folder_is_made(tmp_path):
    write(tmp_path / "runs" / "1" / "log.csv", RECORDS)
    assert History.read(tmp_path / "runs" / "1" / "log.csv") == RECORDS


# ---- going on


@pytest.mark.parametrize("after", [0, 1, 4, 7, 100])
def test_what_came_after_the_step_is_replaced(path, after):
    write(path, RECORDS)
    again = [{"step": step, "loss": 0.5, "correct": 1} for step in range(after + 1, after + 3)]
    write(path, again, after)
    assert History.read(path) == RECORDS[:after] + again


def test_a_line_torn_anywhere_is_left_out_and_replaced(path):
    write(path, RECORDS)
    whole = path.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for length in range(last, len(whole)):
        path.write_bytes(whole[:length])
        assert History.read(path) == RECORDS[:-1]
        write(path, RECORDS[-1:], after=6)
        assert path.read_bytes() == whole


def test_every_truncation_is_a_log_that_goes_on(path):
    write(path, RECORDS)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        write(path, RECORDS, after=0)
        assert path.read_bytes() == whole


def test_other_columns_are_refused_where_there_is_a_table(tmp_path):
    path = tmp_path / "log.csv"
    write(path, RECORDS)
    before = path.read_bytes()
    message = "has the columns step,loss,correct, the run step,loss,accuracy"
    with pytest.raises(FileError, match=f"KN429 `.*log.csv` {message}"):
        write(path, [], after=3, names=["step", "loss", "accuracy"])
    assert path.read_bytes() == before
    write(path, [{"step": 1, "accuracy": 0.5}], after=0, names=["step", "accuracy"])
    assert path.read_text() == "step,accuracy\n1,0.5\n"


# ---- other people's files, and files that fail

FOREIGN = [
    b"some notes",
    b"some notes\n",
    b"name,age\nAda,36\n",
    b'{"a": 1}\n',
    b"[1, 2]\n",
    b"\x00\xff\n\xfe",
    b'{"step": 1}\nnotes\n{"step": 2}\n',
    b'{"step": "one"}\n',
    b'{"step": 1}\n\n',
    b"step,loss\n1,2,3\n",
    b"step,loss\n1,low\n",
    b"steps\n1\n",
    b"step,loss\n\n",
    b"step,loss\n\xff,1\n",
]


@pytest.mark.parametrize("content", FOREIGN)
def test_a_foreign_file_is_refused_and_unchanged(path, content):
    path.write_bytes(content)
    with pytest.raises(FileError, match="KN429"):
        write(path, RECORDS)
    with pytest.raises(FileError, match="KN429"):
        History.read(path)
    assert path.read_bytes() == content


def test_a_line_that_is_no_record_is_counted(path):
    write(path, RECORDS)
    lines = path.read_bytes().split(b"\n")
    lines[3] = b"?"
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(FileError, match=f"KN429 line 4 of `{re.escape(str(path))}` is not a record of a log"):
        write(path, RECORDS)


@pytest.mark.parametrize(
    ("name", "ending"),
    [("log.txt", ".txt"), ("log", "of no file"), ("log.JSONL", ".JSONL"), (".csv", "of no file")],
)
def test_an_unknown_ending_is_refused(name, ending):
    with pytest.raises(
        ArgumentError, match=rf"KN425 `{name}` has the ending {ending}; expected .jsonl or .csv"
    ):
        LogFile(name)


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "log.csv").mkdir()
    with pytest.raises(FileError, match=r"KN616 cannot write `.*log.csv`: Is a directory"):
        write(tmp_path / "log.csv", RECORDS)
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match=r"KN616 cannot use the folder `.*file`"):
        write(tmp_path / "file" / "log.csv", RECORDS)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system without /dev/full")
def test_a_full_disk_is_named(tmp_path):
    (tmp_path / "log.jsonl").write_text("")
    log = LogFile(tmp_path / "log.jsonl")
    log.begin(0, NAMES)
    log.file.close()
    message = r"KN616 cannot write `.*log.jsonl`: No space left on device"
    with Path("/dev/full").open("wb", buffering=0) as log.file, pytest.raises(FileError, match=message):
        log.write(RECORDS[0])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileError, match=r"KN611 cannot read `.*log.csv`: No such file"):
        History.read(tmp_path / "log.csv")
