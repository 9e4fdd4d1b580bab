"""`make schema`: write the schema of every task from the task's own file."""

import sys
from pathlib import Path

from builder.schemas import write_task_schemas
from builder.tasks import all_tasks

if __name__ == "__main__":
    write_task_schemas(all_tasks(), Path(sys.argv[1]))
