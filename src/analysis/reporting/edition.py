"""Which edition of a quarter is made, and where the bank's confidential files lie.

The management edition goes to the outputs and names nobody. The restricted edition
holds lists of customers to act on, for named persons; it goes to a folder that only its
owner can open. In that folder are also the key of the pseudonyms, the register of what
was released, and whatever a run had to keep from being published.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from analysis.presentation.action_lists import KEY_VARIABLE
from analysis.quarter import Quarter
from analysis.wording import say

Profile = Literal["management", "restricted"]

LISTS = "lists"
"""Folder of a restricted quarter with the lists that name customers."""

REGISTER = "register.json"
FAILURES = "failures"
_KEY = "key"
_WITHHELD = "withheld"
_KEPT = "kept"

_OWNER_ONLY_FOLDER, _OWNER_ONLY_FILE = 0o700, 0o600


@dataclass(frozen=True, slots=True)
class Edition:
    """Where a run publishes, and for whom.

    Parameters
    ----------
    profile : {"management", "restricted"}
        For whom it is.
    outputs : pathlib.Path
        Where the management edition is published.
    restricted : pathlib.Path
        Folder of everything confidential.
    """

    profile: Profile
    outputs: Path
    restricted: Path

    @property
    def is_restricted(self) -> bool:
        """Whether lists of customers are written."""
        return self.profile == "restricted"

    @property
    def place(self) -> Path:
        """Where this edition is published."""
        return self.restricted if self.is_restricted else self.outputs

    @property
    def register(self) -> Path:
        """The register of what was released."""
        return self.restricted / REGISTER

    @property
    def key(self) -> Path:
        """The key of the pseudonyms."""
        return self.restricted / _KEY

    def title_bank(self, bank: str) -> str:
        """Write the bank's name as mastheads print it.

        Parameters
        ----------
        bank : str
            Name of the bank or source.

        Returns
        -------
        str
            The name; in the restricted edition also for whom it is.
        """
        if not self.is_restricted:
            return bank
        return say("{bank}. Restricted edition: named persons only", bank=bank)

    def set_kernels(self) -> Mapping[str, str]:
        """Give the environment in which notebooks may write lists of customers.

        Returns
        -------
        dict of str to str
            Variables and values; an empty value takes the variable away.
        """
        return {KEY_VARIABLE: str(self.key.resolve()) if self.is_restricted else ""}

    def name_shelf(self, quarter: Quarter) -> Path:
        """Give the folder for executed notebooks that later runs may use.

        Parameters
        ----------
        quarter : Quarter
            The quarter that is run.

        Returns
        -------
        pathlib.Path
            It may not exist yet.
        """
        return self.restricted / _KEPT / f"{quarter}-{self.profile}"

    def name_failures(self, quarter: Quarter) -> Path:
        """Give the folder for full messages of what failed in a quarter.

        Parameters
        ----------
        quarter : Quarter
            The quarter that is run.

        Returns
        -------
        pathlib.Path
            It may not exist yet.
        """
        return self.restricted / FAILURES / str(quarter)

    def withhold(self, staging: Path, quarter: Quarter) -> Path:
        """Move what may not be published to where only its owner can open it.

        Parameters
        ----------
        staging : pathlib.Path
            What a run has made.
        quarter : Quarter
            The quarter that was run.

        Returns
        -------
        pathlib.Path
            Where it lies now; what was withheld before is gone.
        """
        folder = open_restricted(self.restricted) / _WITHHELD / str(quarter)
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(mode=_OWNER_ONLY_FOLDER, exist_ok=True)
        shutil.move(staging, folder)
        protect(folder)
        return folder


def open_restricted(folder: Path) -> Path:
    """Make the confidential folder if it is not there, and close it to others.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of everything confidential.

    Returns
    -------
    pathlib.Path
        The same folder; it keeps itself out of any repository that it lies in.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(_OWNER_ONLY_FOLDER)
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", "utf-8")
    return folder


def write_restricted(path: Path, text: str) -> None:
    """Write a file that only its owner can read.

    Parameters
    ----------
    path : pathlib.Path
        A file in the confidential folder; folders on the way are made.
    text : str
        What it holds.
    """
    path.parent.mkdir(mode=_OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, _OWNER_ONLY_FILE), "w", encoding="utf-8") as to:
        to.write(text)


def protect(folder: Path) -> None:
    """Let nobody but the owner read a folder and what is in it.

    Parameters
    ----------
    folder : pathlib.Path
        A folder that a run has filled.
    """
    folder.chmod(_OWNER_ONLY_FOLDER)
    for path in folder.rglob("*"):
        path.chmod(_OWNER_ONLY_FOLDER if path.is_dir() else _OWNER_ONLY_FILE)
