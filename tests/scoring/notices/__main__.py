# SPDX-License-Identifier: Apache-2.0
"""Write the notices anew, to be read and approved: ./dev exec python -m tests.scoring.notices"""

from tests.scoring.notices import FOLDER, notices

for name, text in notices().items():
    (FOLDER / name).write_text(text, encoding="utf-8")
