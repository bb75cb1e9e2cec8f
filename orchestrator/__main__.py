"""`python -m orchestrator`: the control plane."""

from orchestrator.app import create_app
from orchestrator.core.logs import configure_logs
from orchestrator.http.serving.server import new_server
from orchestrator.settings import load_settings


def main() -> None:
    settings = load_settings()
    configure_logs(settings)
    app = create_app(settings)
    new_server(app, settings, before_stop=app.state.hub.end_all).run()


if __name__ == "__main__":
    main()
