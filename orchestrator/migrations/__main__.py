"""`python -m orchestrator.migrations`: a deployment's step before its new control planes start."""

from orchestrator.migrations.run import upgrade
from orchestrator.settings import load_settings

if __name__ == "__main__":
    upgrade(load_settings().database_url)
