"""Scores the reviews of each night with SwarmFormer. For Airflow 2.5 to 3; put it into the dags directory.

The exit codes of jobs/score-nightly.sh, and what becomes of them:
0 done, or done before; 6 a gate closed, though the results are there, until somebody acknowledges it; 7 the deadline: it goes on the
next night; 8 another run has this night: it looks again later; all others need a person, not a retry.
"""

from datetime import datetime, timedelta, timezone
import subprocess

from airflow.decorators import dag, task
from airflow.exceptions import AirflowFailException, AirflowRescheduleException

# Change these: where the project lies on the workers, what to score and where to.
SCRIPT = "/opt/swarmformer/jobs/score-nightly.sh"
OPTIONS = [
    "--table", "shop.reviews",
    "--date-col", "day",
    "--store", "hdfs:///swarmformer/nights",
    "--deadline", "06:00",
    "--device", "cuda",
    "--conf-file", "yarn-gpu",
]

GATE, DEADLINE, HELD = 6, 7, 8


# catchup: a night that Airflow missed is scored too; max_active_runs: one after the other.
@dag(
    schedule="0 1 * * *",
    start_date=datetime(2026, 11, 1, tzinfo=timezone.utc),  # the schedule's time zone, too, whatever Airflow's default is
    catchup=True,
    max_active_runs=1,
    tags=["swarmformer"],
)
def swarmformer_nightly():
    # A sensor, because of other tasks Airflow ignores the date of a reschedule and starts them again at once.
    # Retries are for machines that vanish under Airflow; the job itself says what is worth another try.
    @task.sensor(mode="reschedule", retries=2, retry_delay=timedelta(minutes=5))
    def score(data_interval_end=None, logical_date=None, dag_run=None):
        # A manual run has no interval in Airflow 3, and may have no logical date.
        end = data_interval_end or logical_date or dag_run.run_after
        night = (end - timedelta(days=1)).strftime("%Y-%m-%d")
        code = subprocess.run([SCRIPT, "--date", night, *OPTIONS], check=False).returncode
        now = datetime.now(timezone.utc)
        if code == DEADLINE:
            today = now.replace(hour=1, minute=0, second=0, microsecond=0)
            raise AirflowRescheduleException(today if today > now else today + timedelta(days=1))
        if code == HELD:
            raise AirflowRescheduleException(now + timedelta(minutes=30))
        if code == GATE:
            raise AirflowFailException(f"Night {night} is published, but a gate closed: see the log above, then --acknowledge.")
        if code != 0:
            raise AirflowFailException(f"Night {night} is not scored, exit code {code}: see the log above.")
        return True

    score()


swarmformer_nightly()
