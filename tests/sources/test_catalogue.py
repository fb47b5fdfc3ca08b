"""What no file can know alone."""

from potok.model.dag import Dag, EmptyWork, Task
from potok.sources.catalogue import FileResult, catalogue
from potok.sources.imported import FoundFailure


def result(*dags: Dag, failure: FoundFailure | None = None) -> FileResult:
    return FileResult(dags, "b" * 16, ("a.py",), failure)


def dag(dag_id: str, file: str, *tasks: Task) -> Dag:
    return Dag(dag_id, tasks, file=file, location=f"{file}:3")


def test_of_two_files_with_one_id_the_one_known_first_keeps_it() -> None:
    results = {"a.py": result(dag("etl", "a.py"), dag("own", "a.py")), "b.py": result(dag("etl", "b.py"))}
    found = catalogue(results, {"etl": "b.py"}, (), ())
    assert {dag_id: each.dag.file for dag_id, each in found.dags.items()} == {"etl": "b.py", "own": "a.py"}
    assert found.failures["a.py"] == FoundFailure(
        "dag id 'etl' belongs to b.py:3, which keeps running; give this one another dag_id", "a.py:3"
    )
    assert "b.py" not in found.failures


def test_without_a_past_the_first_file_by_name_has_the_id() -> None:
    results = {"b.py": result(dag("etl", "b.py")), "a.py": result(dag("etl", "a.py"))}
    assert catalogue(results, {}, (), ()).dags["etl"].dag.file == "a.py"


def test_an_unknown_pool_or_queue_is_told_with_the_nearest_name() -> None:
    pooled = Task("train", EmptyWork(), pool="ml_trainin", location="a.py:7")
    queued = Task("train", EmptyWork(), queue="cpu_heavy", location="b.py:8")
    results = {
        "a.py": result(dag("a", "a.py", pooled)),
        "b.py": result(dag("b", "b.py", queued)),
        "c.py": result(dag("c", "c.py", Task("t", EmptyWork(), pool="ml_training", queue="gpu"))),
    }
    found = catalogue(results, {}, {"ml_training"}, {"gpu"})
    assert sorted(found.dags) == ["c"]
    assert found.failures["a.py"] == FoundFailure(
        "task 'train' wants pool 'ml_trainin', which does not exist; did you mean 'ml_training'?", "a.py:7"
    )
    assert found.failures["b.py"].message == (
        "task 'train' wants queue 'cpu_heavy', which no worker serves; add it to the queues of a worker"
    )


def test_several_mistakes_of_a_file_are_told_together() -> None:
    results = {
        "a.py": result(
            *(
                dag(name, "a.py", Task(name, EmptyWork(), pool="none", location=f"a.py:{n}"))
                for n, name in enumerate("xy")
            )
        )
    }
    failure = catalogue(results, {}, (), ()).failures["a.py"]
    assert failure.location == "a.py:0"
    assert "; a.py:1: task 'y' wants pool 'none'" in failure.message


def test_failures_are_handed_on() -> None:
    failure = FoundFailure("broken", "a.py:1", "trace")
    assert catalogue({"a.py": FileResult(failure=failure)}, {}, (), ()).failures == {"a.py": failure}
