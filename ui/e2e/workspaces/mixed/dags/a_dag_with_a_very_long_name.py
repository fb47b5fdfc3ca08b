"""Long names must wrap or be shortened, never push anything out of the page."""

from potok import dag, task

NAME = "a_dag_whose_name_was_given_by_somebody_who_likes_to_describe_everything_in_full_length_v2"


@task
def a_task_that_is_also_named_at_considerable_length_by_the_same_person_for_the_same_reason() -> None:
    print("word " * 400)


@dag(dag_id=NAME, tags=["a-tag-that-is-rather-long-too"], owner="department-of-long-names")
def long_named() -> None:
    """A long name."""
    a_task_that_is_also_named_at_considerable_length_by_the_same_person_for_the_same_reason()


long_named()
