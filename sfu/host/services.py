"""What HTTP and gRPC offer besides the meeting itself, made once the store is open."""

from __future__ import annotations

from sfu.host.accounts import Accounts
from sfu.host.archive import Archive
from sfu.host.background import Background
from sfu.host.callers import Callers
from sfu.host.conference import Conference
from sfu.host.depot import Depot
from sfu.host.door import Door
from sfu.host.mail import Mail
from sfu.host.meetings import Meetings
from sfu.host.recordings import Recordings
from sfu.host.service_routes import Services
from sfu.host.tasks import Tasks


def serve(door: Door, conference: Conference, archive: Archive, background: Background) -> Services:
    """The door learns of accounts here."""
    door.accounts = Accounts(archive.store, archive.folder, door.passwords)
    door.accounts.work_left = background.look
    depot = Depot(archive, conference)
    conference.link_file, conference.drop_file = depot.link, depot.drop
    callers = Callers(door, door.accounts, conference)
    meetings = Meetings(archive, conference)
    mail = Mail(meetings, background, door.link)
    meetings.planned = mail.invite
    work, made = Tasks(meetings, conference, background), Recordings(meetings, background)
    return Services(callers, door.accounts, meetings, depot, work, mail, made)
