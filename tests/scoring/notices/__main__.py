# SPDX-License-Identifier: Apache-2.0
"""Write the notices anew, to be read and approved: ./dev exec python -m tests.scoring.notices"""

from tests.scoring.notices import FOLDER, names, notice

for name in names():
    (FOLDER / name).write_text(notice(name), encoding="utf-8")
