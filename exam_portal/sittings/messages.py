# SPDX-License-Identifier: Apache-2.0
"""The words of the sittings: states, labels, refusals and acts."""

import enum
from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from exam_portal.sittings import errors
from exam_portal.sittings.attempts import messages as attempts
from exam_portal.sittings.hall import messages as halls
from exam_portal.sittings.models import (
    AttendanceStatus,
    BrowserKeyKind,
    GrantKind,
    IncidentCategory,
    LateVerdict,
    ProposalKind,
    SanctionLevel,
)
from exam_portal.web.filters import clock_time, instant
from exam_portal.web.messages import Words

STATES = {
    "planned": (_l("Planned"), "neutral"),
    "running": (_l("Running"), "progress"),
    "paused": (_l("Paused"), "attention"),
    "ended": (_l("Ended"), "done"),
    "cancelled": (_l("Cancelled"), "refused"),
}

ATTEMPTS = {
    "awaiting": (_l("Waiting for check-in"), "neutral"),
    "not_in": (_l("Not at a computer yet"), "attention"),
    "moved": (_l("Waits for the code at another computer"), "attention"),
    "authorised": (_l("Ready"), "neutral"),
    "active": (_l("Working"), "progress"),
    "paused": (_l("Paused"), "attention"),
    "submitted": (_l("Handed in"), "done"),
    "void": (_l("Void"), "refused"),
}

FINDINGS = {
    "": (_l("Not recorded"), "neutral"),
    "present": (_l("Present"), "done"),
    "absent": (_l("Absent"), "attention"),
    "refused_late": (_l("Came too late"), "refused"),
}

LINES = {
    "": ("", "neutral"),
    "here": (_l("Connected"), "done"),
    "gone": (_l("No word since"), "refused"),
}

MARKS = {
    "calls": (_l("Calls"), "attention"),
    "outside": (_l("Not in its room"), "refused"),
    "browser": (_l("Not the safe browser"), "refused"),
    "devices": (_l("Changed computers"), "attention"),
    "incidents": (_l("Incident"), "neutral"),
}

LEFT = {
    "withdrawn": (_l("Withdrawn"), "neutral"),
    "disqualified": (_l("Disqualified"), "refused"),
}

PAGES = {
    "matched": (_l("Matched"), "done"),
    "taken": (_l("Another page of this number was accepted"), "attention"),
    "header": (_l("Header of a script"), "neutral"),
    "duplicate": (_l("There twice"), "attention"),
    "beyond": (_l("More pages than counted sheets"), "refused"),
    "not_counted": (_l("Script not counted"), "refused"),
    "foreign": (_l("Foreign code"), "refused"),
    "unreadable": (_l("Code not readable"), "attention"),
}

STACK_PROBLEMS = {
    "broken": _l("The file is damaged: the pages after the last one shown could not be read."),
    "too_long": _l("The file has more pages than can be read at once. Scan it in several parts."),
    "too_large": _l("The picture is larger than can be read. Scan with 200 to 300 dots per inch."),
    "stopped": _l(
        "Reading took too long or too much memory: the pages after the last one shown are missing."
    ),
}

LABELS: Mapping[enum.Enum, str] = {
    AttendanceStatus.PRESENT: _l("Present, identity checked"),
    AttendanceStatus.ABSENT: _l("Absent"),
    AttendanceStatus.REFUSED_LATE: _l("Came too late, not admitted"),
    IncidentCategory.TECHNICAL: _l("Technical fault"),
    IncidentCategory.LATE: _l("Late arrival"),
    IncidentCategory.ILLNESS: _l("Illness"),
    IncidentCategory.EVACUATION: _l("Evacuation"),
    IncidentCategory.VIOLATION: _l("Violation of the rules"),
    IncidentCategory.PAPER_FAULT: _l("Fault of the examination paper"),
    IncidentCategory.NO_SCRIPT: _l("Present, but no script was handed in"),
    IncidentCategory.OTHER: _l("Something else"),
    SanctionLevel.REPRIMAND: _l("Reprimand"),
    SanctionLevel.WARNING: _l("Warning"),
    SanctionLevel.SUSPENSION: _l("Suspension from the examination"),
    LateVerdict.ACCEPT: _l("The late answers count"),
    LateVerdict.REFUSE: _l("The late answers do not count"),
    ProposalKind.SEAT_SILENT: _l("A screen is silent"),
    ProposalKind.ROOM_SILENT: _l("A room is silent"),
    ProposalKind.DEVICE_CHANGED: _l("Another computer"),
    ProposalKind.SERVER_RESTARTED: _l("The server was restarted"),
    BrowserKeyKind.CONFIG: _l("Config Key (the settings)"),
    BrowserKeyKind.BROWSER: _l("Browser Exam Key (one version of the program)"),
    GrantKind.EXTRA_TIME: _l("Extra time"),
    GrantKind.CREDIT: _l("Credit for an outage"),
}

_COUNT_AGAIN = _l(
    "Count again, and compare with the signed attendance list. If it stays so, write at the bag why."
)


def _bag_too_small(error: errors.BagTooSmall) -> Words:
    return Words(
        _l("A bag holds at least %(least)s scripts", least=error.least),
        _l("Of a smaller one, whoever gives out the bags could guess where a relative's script lies."),
        _l("Choose a larger number, or none: then all lie in one bag."),
    )


ERRORS = {
    **attempts.ERRORS,
    **halls.ERRORS,
    errors.NameTaken: Words(
        _l("There is such a room"), _l("The competition has a room of this name."), _l("Choose another name.")
    ),
    errors.NoSuchPart: Words(
        _l("No sitting for this part"),
        _l("The part is not one that candidates sit in rooms, or may not be held in this way."),
        _l("Look at the rules of the competition."),
    ),
    errors.StartInPast: Words(
        _l("The time lies in the past"), _l("A sitting is planned ahead."), _l("Write a later time.")
    ),
    errors.SittingStarted: Words(
        _l("The sitting has begun"), _l("Rooms, seats, paper and time stay as they are from here on.")
    ),
    errors.NotStarted: Words(
        _l("The sitting has not begun"), _l("This can be done once the invigilator has started it.")
    ),
    errors.SittingOver: Words(
        _l("The sitting is over"), _l("It has ended or was cancelled; its course does not change any more.")
    ),
    errors.NotSummoned: Words(
        _l("The candidates have not been summoned"),
        _l("A sitting starts after its candidates were summoned."),
        _l("Summon them on the page of sittings."),
    ),
    errors.NobodyToSeat: Words(
        _l("Nobody is waiting for a seat"), _l("Every candidate chosen has a seat in this part.")
    ),
    errors.NotEnoughSeats: lambda error: Words(
        _l("The rooms are too small"),
        _l(
            "%(candidates)s candidates wait for a seat; the chosen rooms have %(places)s free places.",
            candidates=error.candidates,
            places=error.places,
        ),
        _l("Choose more rooms, or add one."),
    ),
    errors.NotSeated: lambda error: Words(
        _l("Some candidates have no seat"),
        _l("%(count)s candidates have no seat in the first part.", count=error.count),
        _l("Allot the seats first; the summons names them."),
    ),
    errors.SummonsTooShort: lambda error: Words(
        _l("The notice is too short"),
        _l(
            "%(days)s working days lie before the first sitting; the rules ask for %(required)s.",
            days=error.days,
            required=error.required,
        ),
        _l("Plan the sitting later, or write why the candidates are summoned all the same."),
    ),
    errors.TooEarly: lambda error: Words(
        _l("It is too early"),
        _l("The sitting starts at %(when)s.", when=instant(error.starts_at)),
        _l("Wait for the time that the summons names."),
    ),
    errors.TimeRemains: lambda error: Words(
        _l("There is still time"),
        _l("%(count)s candidates there still have time. Nothing was ended.", count=error.working),
        _l("Write the reason for which the sitting ends before its time."),
    ),
    errors.PaperNotOpened: Words(
        _l("The paper is not open"),
        _l("Two officers have to open the paper before the clock may run."),
        _l("Ask the officers who hold the paper."),
    ),
    errors.PaperNotSealed: Words(
        _l("There is no sealed paper"),
        _l("The part needs an official paper in the portal that two officers have sealed."),
    ),
    errors.PaperKnown: lambda error: Words(
        _l("Another sitting uses this paper at another time"),
        _l("It starts at %(when)s. Whoever sits first knows the paper.", when=instant(error.starts_at)),
        _l("Use the reserve paper; or keep the candidates of both apart until the later one has begun."),
    ),
    errors.TooLate: lambda error: Words(
        _l("Came too late"),
        _l(
            "Arrived at %(arrived)s; the rules admit until %(until)s.",
            arrived=clock_time(error.arrived_at, seconds=True),
            until=clock_time(error.until, seconds=True),
        ),
        _l("Only the chair admits: the secretary records the signed decision, then check in once more."),
    ),
    errors.ArrivalInFuture: Words(
        _l("The time lies in the future"),
        _l("Nothing has happened yet at that time."),
        _l("Correct the time."),
    ),
    errors.IdentityNotChecked: Words(
        _l("The identity has not been checked"),
        _l("A candidate is present once the identity card has been compared with face and photo."),
    ),
    errors.LeftCompetition: Words(
        _l("The candidate has left the competition"),
        _l("Who has withdrawn or was disqualified does not sit any more."),
        _l("Record the seat as absent."),
    ),
    errors.HasWorked: Words(
        _l("Somebody has worked here"),
        _l("There are answers or a script of this seat, so the candidate was present."),
    ),
    errors.OtherInvigilator: Words(
        _l("A second person is needed"),
        _l("Nobody confirms their own act."),
        _l("Ask another person who holds the duty."),
    ),
    errors.NoScreens: Words(
        _l("There are no screens"),
        _l("The sitting is held on paper; messages go to the screens of computers."),
        _l("Tell it to the room."),
    ),
    errors.NotPresent: Words(
        _l("The candidate was not present"), _l("Only who was present hands in a script.")
    ),
    errors.OnPaperAlready: Words(
        _l("The sitting is held on paper"), _l("There is no computer whose place paper could take.")
    ),
    errors.NotOnPaper: Words(
        _l("The candidate works on a computer"),
        _l("Sheets are counted only of those who go on on paper, as two people have decided."),
    ),
    errors.NotCheckedIn: lambda error: Words(
        _l("The attendance is not complete"),
        _l("Nothing is recorded about %(count)s seats.", count=error.count),
        _l("Record for each seat whether the candidate was present or absent."),
    ),
    errors.StillOpen: Words(
        _l("The sitting has not ended"), _l("Scripts are handed over when it has ended in all rooms.")
    ),
    errors.AlreadyHandedOver: Words(
        _l("The scripts have been handed over"), _l("Attendance and counts are closed.")
    ),
    errors.NotDeclared: Words(
        _l("The invigilators have declared nothing"),
        _l("The masking board receives scripts once the invigilators have declared how many there are."),
    ),
    errors.CountsDiffer: lambda error: Words(
        _l("The counts do not agree"),
        _l(
            "Present: %(present)s. Scripts counted: %(scripts)s. Exceptions recorded: %(exceptions)s.",
            present=error.present,
            scripts=error.scripts,
            exceptions=error.exceptions,
        ),
        _l("Count again. Whoever was present without a script is entered in the register of incidents."),
    ),
    errors.OutsideSitting: Words(
        _l("The script was not handed in then"),
        _l("It was handed in between the start in its room and now."),
        _l("Read the time on the signed list again."),
    ),
    errors.RefusalUnwitnessed: Words(
        _l("A refusal to sign has a witness"), _l("Write who saw it, and what the candidate said.")
    ),
    errors.BagsDiffer: lambda error: Words(
        _l("The bags do not hold what was counted"),
        _l(
            "Scripts: %(scripts)s counted, %(packed)s in the bags. "
            "Sheets: %(sheets)s counted, %(packed_sheets)s in the bags.",
            scripts=error.scripts,
            sheets=error.sheets,
            packed=error.scripts_packed,
            packed_sheets=error.sheets_packed,
        ),
        _l("Count the bags again; a wrong count of sheets is corrected first."),
    ),
    errors.LabelTaken: lambda error: Words(
        _l("Two bags bear one label"),
        _l("The label %(label)s is there already.", label=error.label),
        _l("Each bag has a label of its own."),
    ),
    errors.SealUsed: lambda error: Words(
        _l("The number of this seal is used"),
        _l(
            "Seal %(seal)s closes another envelope or bag of this competition.",
            seal=error.seal_no,
        ),
        _l("Read the number on the seal again."),
    ),
    errors.SealDiffers: lambda error: Words(
        _l("The seal is not as it was declared"),
        _l("Bag %(label)s: the seal is broken, or bears another number.", label=error.label),
        _l("Read it again together. If it stays so, write at the bag what was found."),
    ),
    errors.ReceiptDiffers: lambda error: Words(
        _l("The counts do not agree"),
        _l(
            "Bag %(label)s. Scripts: %(scripts)s declared, %(own_scripts)s counted. "
            "Sheets: %(sheets)s declared, %(own_sheets)s counted.",
            label=error.label,
            scripts=error.scripts_declared,
            sheets=error.sheets_declared,
            own_scripts=error.scripts_counted,
            own_sheets=error.sheets_counted,
        ),
        _COUNT_AGAIN,
    ),
    errors.NoSuchSheet: lambda error: Words(
        _l("No such sheet code"),
        _l("No script of this competition bears the code %(code)s.", code=error.sheet_code),
        _l("Compare with the code printed on the first sheet."),
    ),
    errors.ScannedAlready: Words(
        _l("These pages were added before"),
        _l("The same scan lies with a script of this competition already. Nothing was added."),
        _l("Compare the sheet code with the file that you chose."),
    ),
    errors.TooManyPages: lambda error: Words(
        _l("The scan has too many pages"),
        _l(
            "%(pages)s pages cannot come of %(sheets)s counted sheets. Nothing was added.",
            pages=error.pages,
            sheets=error.sheets,
        ),
        _l("Pages of another script may be in it; or the count of sheets is to be corrected first."),
    ),
    errors.TooLongStack: lambda error: Words(
        _l("The stack has too many pages"),
        _l(
            "It has %(pages)s pages; at most %(most)s can be read at once.",
            pages=error.pages,
            most=error.most,
        ),
        _l("Scan it in several parts."),
    ),
    errors.PageThereAlready: lambda error: Words(
        _l("This page is there already"),
        _l("Page %(number)s lies with the script. Nothing was added.", number=error.number),
        _l("Compare the code and the number printed at the top of the page."),
    ),
    errors.StackNotRead: Words(
        _l("The stack is still being read"), _l("Wait a moment and load the page again.")
    ),
    errors.PagesWait: Words(
        _l("Pages wait for you"),
        _l("Every page is accepted, placed by hand or set aside with a reason before the stack is finished."),
    ),
    errors.NothingToMask: Words(_l("There is nothing to mask"), _l("No script of this part has come in.")),
    errors.BagTooSmall: _bag_too_small,
    errors.NotHandedOver: Words(
        _l("The scripts are not here yet"),
        _l("Every sitting of the part is counted over to the masking board before anybody masks."),
    ),
}

AUDIT = {
    **attempts.AUDIT,
    **halls.AUDIT,
    "open": _l("A sitting was started"),
    "close": _l("A sitting was ended"),
    "blind-commit": _l("Scripts were masked"),
    "sittings.room_added": _l("A room was added"),
    "sittings.created": _l("A sitting was planned"),
    "sittings.rescheduled": _l("A sitting was planned for another time"),
    "sittings.seats_allotted": _l("Seats were allotted"),
    "sittings.clock_turned": _l("The clock of the server was turned"),
    "sittings.seat_moved": _l("A candidate was given another seat"),
    "sittings.paper_shared": _l(
        "Two sittings at different times use one paper: their candidates are kept apart"
    ),
    "sittings.paper_chosen": _l("A reserve paper was chosen for a sitting"),
    "attendance": _l("Attendance was recorded"),
    "sittings.paused": _l("A sitting was paused"),
    "sittings.evacuated": _l("Rooms were evacuated"),
    "sittings.message_sent": _l("A message went to the screens"),
    "sittings.invigilator_called": _l("A candidate called the invigilator"),
    "sittings.call_answered": _l("A call was answered"),
    "sittings.proposal_ruled": _l("An incident that the server proposed was ruled on"),
    "sittings.room_bound": _l("A room was bound to networks"),
    "sittings.browser_key_added": _l("A key of Safe Exam Browser was added"),
    "sittings.browser_key_withdrawn": _l("A key of Safe Exam Browser was withdrawn"),
    "sittings.resumed": _l("A sitting was resumed"),
    "sittings.cancelled": _l("A sitting was cancelled"),
    "sittings.paper_turn_proposed": _l("Going on on paper was proposed"),
    "sittings.paper_turn_approved": _l("Candidates went on on paper; their attempts were closed as evidence"),
    "sittings.time_granted": _l("Time was given"),
    "sittings.credit_approved": _l("A credit for an outage was approved"),
    "sittings.incident": _l("An incident was registered"),
    "sittings.sanction_proposed": _l("A sanction was entered"),
    "sittings.sanction_confirmed": _l("A sanction was confirmed"),
    "sittings.late_ruling_proposed": _l("A ruling on late answers was proposed"),
    "sittings.late_ruling_withdrawn": _l("A proposed ruling on late answers was withdrawn"),
    "sittings.late_ruling_approved": _l("A ruling on late answers was approved"),
    "sittings.scripts_collected": _l("Scripts were counted"),
    "sittings.hand_in_corrected": _l("A line of the list of scripts handed in was corrected"),
    "sittings.sheets_corrected": _l("A count of sheets was corrected"),
    "sittings.scripts_declared": _l("The invigilators declared the scripts"),
    "sittings.scripts_received": _l("The masking board received the scripts"),
    "sittings.script_scanned": _l("A script was scanned"),
    "sittings.stack_added": _l("A stack of scanned sheets was brought in"),
    "sittings.stack_read": _l("The server read a stack of scanned sheets"),
    "sittings.stack_pages_accepted": _l("Matched pages of a stack were accepted"),
    "sittings.stack_page_placed": _l("A scanned page was placed by hand"),
    "sittings.stack_page_set_aside": _l("A scanned page was set aside"),
    "sittings.stack_finished": _l(
        "A stack of scanned sheets was finished, and what the scanner sent destroyed"
    ),
}
