"""One user's installation in one state folder, and how it is brought up to date."""

from collections.abc import Mapping

from portal.bootstrap.frontend import Frontend, node_of_this_machine
from portal.bootstrap.packages import RUNTIME, Packages
from portal.bootstrap.progress import SetUpFailed, Stamp, Work, finish, one_at_a_time, say
from portal.statefolder import CHECKOUT, environment_for, open_state_folder


class Installation:
    """The state folder and what set-up puts into it."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        try:
            self.state = open_state_folder(environment)
        except PermissionError as refusal:
            raise SetUpFailed(str(refusal)) from None
        self.environment = environment_for(self.state, environment)
        self.packages = Packages(self.state, self.environment)
        self.frontend = Frontend(self.state, self.packages, self.environment)

    @property
    def python(self) -> str:
        return str(self.packages.python)

    def prepare(self, lock: str = RUNTIME) -> None:
        """Install, fetch and generate what is missing or out of date; quick when nothing is."""
        with one_at_a_time(self.state / "setup.lock"):
            if self.packages.lacks(lock) or self.frontend.is_lacking():
                say(f"Setting up in {self.state}")
                self._fetch(lock)
            self._compile_translations()

    def fetch_frontend(self) -> None:
        """Only the front-end packages, for a run of the tests in another virtualenv."""
        with one_at_a_time(self.state / "setup.lock"):
            if self.frontend.is_lacking():
                finish(self.frontend.begin())
                self.frontend.settle()

    def _fetch(self, lock: str) -> None:
        """Python's packages and npm's side by side, unless npm itself comes with Python's."""
        works: list[Work] = []
        lacks_packages = self.packages.lacks(lock)
        if lacks_packages:
            works.append(self.packages.begin(lock))
        lacks_frontend = self.frontend.is_lacking()
        if lacks_frontend and not node_of_this_machine(self.environment):
            finish(*works)
            works.clear()
        if lacks_frontend:
            works.append(self.frontend.begin())
        finish(*works)
        if lacks_packages:
            self.packages.note(lock)
        if lacks_frontend:
            self.frontend.settle()

    def _compile_translations(self) -> None:
        catalogues = sorted((CHECKOUT / "translations").rglob("*.po"))
        stamp = Stamp(self.state / "stamps" / "translations", *catalogues)
        if stamp.is_current():
            return
        command = [self.python, "-m", "portal.catalogues", "compile", self.environment["TRANSLATIONS_FOLDER"]]
        log = self.state / "logs" / "translations.log"
        finish(Work("translations", command, log=log, environment=self.environment))
        stamp.set()
