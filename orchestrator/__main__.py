"""`python -m orchestrator`: the control plane."""

import gc

from orchestrator.app import create_app
from orchestrator.core.logs import configure_logs
from orchestrator.http.serving.server import new_server
from orchestrator.settings import load_settings

# A request makes some thousand objects and nearly all go with it; Python's own 700 looked for cycles at each of them.
YOUNG_OBJECTS = 10_000


def main() -> None:
    settings = load_settings()
    configure_logs(settings)
    app = create_app(settings)
    # What is there by now stays: no collection has to walk through it.
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
    new_server(app, settings, before_stop=app.state.hub.end_all).run()


if __name__ == "__main__":
    main()
