"""The bench's worker answers; its tables show what was measured, and what is missing."""

import json
from dataclasses import replace

import pytest

from classroom.lab.growth import Curve
from classroom.lab.timing import Speed, first_losses
from microgpt.engines import find
from tools.measure import report
from tools.measure.growth import merged
from tools.measure.worker import RemoteRunner, peak_megabytes, sample_names

pytestmark = pytest.mark.any_processor


def test_a_worker_answers_whatever_it_is_asked(figures):
    runner = RemoteRunner("scalar")
    try:
        assert runner.ask(first_losses, 2) == pytest.approx(figures["losses"][:2], abs=1e-12)
        turn = runner.turn(4)
        assert turn.seconds > 0 and turn.tokens == 28
        assert all(name.isalpha() for name in runner.ask(sample_names, 1)[1])
        peak = runner.ask(peak_megabytes)
        assert peak is None or 5 < peak < 100
    finally:
        runner.close()


def test_the_graphs_sampler_draws_the_cores_names():
    assert sample_names("plain", 3)[1] == sample_names("scalar", 3)[1]


def test_a_missing_extra_is_a_row_that_says_so():
    row = report.Row.missing(replace(find("compiled"), package="no_numba==1"))
    assert row.cells()[0] == "compiled"
    assert row.cells()[-1] == "needs no_numba: pip install no_numba==1"


def test_the_ladder_is_written_as_table_numbers_and_picture(tmp_path, capsys):
    engines = [replace(find(name), about="new") for name in ("plain", "numpy")]
    speeds = [Speed("plain", 1, 1, 1, 25, 4), Speed("numpy", 1500, 1400, 1600, 40_000, 4)]
    rows = [report.Row.of_speed(e, s, 24.0, 1e-15) for e, s in zip(engines, speeds)]
    rows.append(report.Row.missing(replace(find("torch"), package="no_torch")))
    core = report.core_table(rows[0], 50.0, True, 850, 100, 10)
    paths = report.write_ladder(rows, core, tmp_path)
    assert [path.name for path in paths] == ["table.md", "table.json", "ladder.svg"]
    table = paths[0].read_text(encoding="utf-8")
    assert "1,500" in table
    assert "1,400 - 1,600" in table
    assert "needs no_torch" in table
    assert "11.8 %" in table
    assert table.strip() in capsys.readouterr().out
    assert len(json.loads(paths[1].read_text(encoding="utf-8"))) == 3
    widths = {len(line) for line in table.splitlines() if line.startswith("| ") and "new" in line}
    assert len(widths) == 1


def test_of_two_measurements_the_least_cost_of_each_point_counts():
    short = Curve("vector", "n_embd", (16, 32), (1.0, 2.0), 1.0)
    longer = Curve("vector", "n_embd", (16, 32, 64), (0.5, 3.0, 8.0), 2.0)
    both = merged(short, longer)
    assert both.sizes == (16, 32, 64)
    assert both.seconds == (0.5, 2.0, 8.0)
    assert both.power == pytest.approx(2)


def test_the_report_names_the_processor():
    assert report.processor() in report.where() and report.processor() not in ("", "unknown")
