"""What builds the site in tests: MkDocs, or its successor where SITE_ENGINE names that."""

import os

ENGINE = os.environ.get("SITE_ENGINE", "mkdocs")
BUILD = ("build", "--strict", "--config-file", "mkdocs.yml")  # as either understands it
SERVE = ("serve", "--config-file", "mkdocs.yml")
