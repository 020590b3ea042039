pragma Singleton
import QtQuick

// Facts turned into sentences in the reader's language.  In English the sentence that came with an error says more than
// we could; in other languages its code is worded here.
QtObject {
    property string language: "en"
    readonly property var reactions: [
        { name: "thumbs_up", icon: "thumbs-up" },
        { name: "thumbs_down", icon: "thumbs-down" },
        { name: "clap", icon: "sparkles" },
        { name: "heart", icon: "heart" },
        { name: "laugh", icon: "laugh" },
        { name: "surprise", icon: "zap" },
        { name: "celebrate", icon: "party-popper" },
        { name: "slower", icon: "turtle" },
        { name: "faster", icon: "rabbit" },
    ]

    function problem(code: string, sentence: string): string {
        const known = worded(code)
        if (language === "en" && sentence !== "") return sentence
        return known !== "" ? known : sentence !== "" ? sentence : qsTr("Something went wrong. Try again.")
    }

    function worded(code: string): string {
        switch (code) {
        case "no_name": return qsTr("Type your name first: it is how the others see you.")
        case "bad_link": return qsTr("This is not a whole meeting link. Copy the link from the invitation and paste it again.")
        case "bad_token": return qsTr("This invitation is no longer valid. Ask the host for a new link.")
        case "no_meeting": return qsTr("No meeting has this code. Check it with the host.")
        case "meeting_full": return qsTr("This meeting is full. Ask the host to make room, then try again.")
        case "host_unreachable": return qsTr("The host cannot be reached. Check that both computers are on the same network, then try again.")
        case "foreign_certificate": return qsTr("Another computer answered in the host’s place. Do not join; ask the host for a new link.")
        case "busy_port": return qsTr("Another program uses this computer’s meeting port. Close it, then try again.")
        case "missing_model": return qsTr("The files for captions are not on this computer yet.")
        case "no_device": return qsTr("The microphone or the camera cannot be used. Check that it is plugged in and free.")
        case "not_allowed": return qsTr("Only the host may do this.")
        case "too_many": return qsTr("Too many attempts. Wait a minute, then try again.")
        case "unsupported": return qsTr("Your computer and the host’s have different versions of Parley. Update both.")
        case "worker_died": return qsTr("Captions stopped for a moment and are starting again. The meeting goes on.")
        case "not_admitted": return qsTr("You were not let in. Ask whoever invited you.")
        case "removed": return qsTr("You were removed from this meeting. Ask the host.")
        case "meeting_locked": return qsTr("This meeting is locked. Ask somebody inside to unlock it.")
        case "bad_passcode": return qsTr("This meeting needs a passcode, and this is not it. Ask the host.")
        case "not_found": return qsTr("That person is not in this meeting any more.")
        case "disk_full": return qsTr("There is no room to save. Free 200 MB, then try again.")
        case "ended": return qsTr("The meeting has ended.")
        case "start_failed": return qsTr("The meeting could not be started on this computer.")
        case "engine_broke": return qsTr("Parley’s sound and video stopped because of a mistake of ours. Join again.")
        }
        return ""
    }

    // What stands in the transcript though nobody said it; empty for speech.
    function remark(kind: string): string {
        switch (kind) {
        case "not_captioned": return qsTr("Not captioned")
        case "interrupted": return qsTr("Captions were interrupted: up to 10 seconds may be missing.")
        }
        return ""
    }

    // A part of a recording.
    function chapter(kind: string, name: string): string {
        switch (kind) {
        case "start": return qsTr("Start")
        case "joined": return qsTr("%1 joins").arg(name)
        case "resumed": return qsTr("After a pause")
        }
        return name
    }

    // What weights are for, in words; `title` is the catalogue's own.
    function model(name: string, title: string): string {
        switch (name) {
        case "whisper-base": return qsTr("Captions in many languages")
        case "whisper-tiny.en": return qsTr("Captions in English, for slow computers")
        case "silero-vad": return qsTr("Telling speech from noise")
        case "face-landmarker": return qsTr("Finding faces")
        case "expressions-fer2013": return qsTr("Guesses from faces")
        case "selfie-segmentation": return qsTr("Blurring the background")
        }
        return title
    }

    // Where files from a stick are, in words; empty while nothing goes on, and where the rows say it all.
    function carrying(stick: var): string {
        switch (stick.doing) {
        case "looking": return qsTr("Looking into %1…").arg(stick.place)
        case "copying": return qsTr("Copying from %1. Every file is checked.").arg(stick.place)
        }
        switch (stick.problem) {
        case "no_bundle": return qsTr("%1 is not a file that Parley wrote for this. Write one on a computer that has the files.").arg(stick.place)
        case "cut_off": return qsTr("%1 is damaged, or was not copied to its end. Copy it to the stick again.").arg(stick.place)
        case "nothing": return qsTr("There is nothing in %1 that captions could use. Choose a file that Parley wrote for this, or the folder with the files.").arg(stick.place)
        case "unreadable": return qsTr("%1 cannot be read. Check that the stick is plugged in, then try again.").arg(stick.place)
        case "no_room": return qsTr("There is no room: %1 MB are needed, and %2 MB are free. Make room, then try again.").arg(stick.needed).arg(stick.free)
        case "stopped": return qsTr("Stopped. What was copied whole stays.")
        }
        return stick.problem === "" ? "" : problem(stick.problem, stick.sentence)
    }

    // What became of one model from a stick.
    function fate(name: string, received: int, size: int): string {
        switch (name) {
        case "wanted": return qsTr("%1 MB, waiting").arg(size)
        case "copying":
        case "writing": return qsTr("%1 of %2 MB").arg(received).arg(size)
        case "written": return qsTr("written. Bring it to the other computer and choose it there.")
        case "taken": return qsTr("copied and checked")
        case "here": return qsTr("was here already")
        case "other": return qsTr("belongs to another version of Parley. Update Parley on both computers and write the file again.")
        case "part": return qsTr("some of its files are missing. Write or copy it again.")
        case "unknown": return qsTr("this version of Parley does not know it. A newer one may.")
        case "damaged": return qsTr("damaged, and not taken. Copy it to the stick again.")
        case "stopped": return qsTr("not copied")
        case "absent": return qsTr("not in it. Captions in meetings that you host need it.")
        }
        return ""
    }

    function action(name: string): string {
        switch (name) {
        case "microphone": return qsTr("Mute or unmute")
        case "talk": return qsTr("Talk while muted, as long as it is held")
        case "camera": return qsTr("Start or stop video")
        case "hand": return qsTr("Raise or lower my hand")
        case "share": return qsTr("Share my screen, or stop")
        case "small": return qsTr("A small window above the others")
        case "statistics": return qsTr("Your connection")
        case "processing": return qsTr("What is processed here")
        case "record": return qsTr("Record this meeting")
        case "recordings": return qsTr("Recordings of this meeting")
        case "emotions": return qsTr("Guesses from your face")
        case "check": return qsTr("Check a camera")
        case "guesses": return qsTr("Show or hide guesses from faces")
        case "react": return qsTr("React without speaking")
        case "mute_all": return qsTr("Mute everybody")
        case "rules": return qsTr("How this meeting is run")
        case "glossary": return qsTr("Words that captions should know")
        case "machines": return qsTr("What runs where")
        case "chat": return qsTr("Show the chat")
        case "captions": return qsTr("Show or hide captions")
        case "transcript": return qsTr("Show the transcript")
        case "people": return qsTr("Show the people")
        case "files": return qsTr("Show the files")
        case "share_file": return qsTr("Share a file")
        case "find": return qsTr("Search the transcript")
        case "view": return qsTr("Everybody alike, or the speaker large")
        case "hide_self": return qsTr("Show or hide my own tile")
        case "invite": return qsTr("Invite people")
        case "next_region": return qsTr("Next part of the window")
        case "previous_region": return qsTr("Previous part of the window")
        case "leave": return qsTr("Leave the meeting")
        case "palette": return qsTr("Find an action")
        case "history": return qsTr("Meetings held here")
        case "devices": return qsTr("Sound and video")
        case "settings": return qsTr("Settings")
        case "full_screen": return qsTr("Full screen, or a window again")
        case "larger": return qsTr("Larger text")
        case "smaller": return qsTr("Smaller text")
        case "usual_size": return qsTr("Text as designed")
        }
        return name
    }

    // How a shared file stands, in one line.
    function file(state: string, held: bool, size: string, moved: string): string {
        if (held) return qsTr("%1 of %2. It goes on when the connection is back.").arg(moved).arg(size)
        switch (state) {
        case "preparing": return qsTr("%1. Being prepared…").arg(size)
        case "sending": return qsTr("Being sent: %1 of %2").arg(moved).arg(size)
        case "arriving": return qsTr("On its way to the host: %1 of %2").arg(moved).arg(size)
        case "saving": return qsTr("Being saved: %1 of %2").arg(moved).arg(size)
        case "here": return qsTr("%1, saved on this computer").arg(size)
        case "unsent": return qsTr("It was not shared.")
        case "unsaved": return qsTr("It was not saved.")
        }
        return size
    }

    // Why a file was not shared or saved, and what to do.
    function fileTrouble(standing: string, code: string, sentence: string): string {
        switch (code) {
        case "unreadable": return qsTr("It cannot be read, or has changed. Check the file, then try again.")
        case "unwritable": return qsTr("There is no room in the folder for downloads, or nobody may write there.")
        case "bad_frame": return standing === "unsent" ? qsTr("It changed while it was sent. Try again.") : qsTr("It arrived damaged. Try again.")
        case "too_large": return qsTr("A file may have 4 GB, and a meeting 200 files and 16 GB. Withdraw some first.")
        case "not_found": return qsTr("It is not shared any more.")
        case "gone": return qsTr("It is not shared any more.")
        case "not_allowed": return qsTr("The host does not allow it here.")
        case "disk_full": return qsTr("There is no room on the host’s computer. Ask the host to free some space.")
        }
        return problem(code, sentence)
    }

    function device(name: string): string {
        return name === "cpu" ? qsTr("on the processor") : name.startsWith("cuda") ? qsTr("on the graphics card") : name
    }

    // The programs of a meeting, by the names that the host gives them.
    function program(name: string): string {
        switch (name) {
        case "window": return qsTr("This window")
        case "host": return qsTr("Meeting room")
        case "control": return qsTr("People and messages")
        case "forwarder": return qsTr("Sound and pictures")
        case "broker": return qsTr("Work for the models")
        }
        return name.startsWith("captions") ? qsTr("Captions") : name
    }

    // What somebody came with.
    function client(kind: string): string {
        switch (kind) {
        case "desktop": return qsTr("Parley on a computer")
        case "headless": return qsTr("Parley without a window")
        case "browser": return qsTr("In a browser")
        case "stream": return qsTr("A camera or program that sends")
        case "player": return qsTr("A program that watches")
        }
        return kind
    }

    function role(name: string): string {
        switch (name) {
        case "host": return qsTr("Host")
        case "co_host": return qsTr("Co-host")
        case "guest": return qsTr("Guest")
        }
        return ""
    }

    function reaction(name: string): string {
        switch (name) {
        case "thumbs_up": return qsTr("I agree")
        case "thumbs_down": return qsTr("I disagree")
        case "clap": return qsTr("Applause")
        case "heart": return qsTr("I like it")
        case "laugh": return qsTr("Funny")
        case "surprise": return qsTr("What a surprise")
        case "celebrate": return qsTr("Hooray")
        case "slower": return qsTr("Slower, please")
        case "faster": return qsTr("Faster, please")
        }
        return name
    }
    function reactionIcon(name: string): string {
        return (reactions.find(known => known.name === name) || { icon: "smile" }).icon
    }

    function ruled(name: string, change: string): string {
        switch (change) {
        case "lobby_on": return qsTr("%1 opened a lobby: newcomers wait until they are let in.").arg(name)
        case "lobby_off": return qsTr("%1 closed the lobby: newcomers come straight in.").arg(name)
        case "locked_on": return qsTr("%1 locked the meeting: nobody new comes in.").arg(name)
        case "locked_off": return qsTr("%1 unlocked the meeting.").arg(name)
        case "unmute_off": return qsTr("%1 decides who speaks. Raise your hand to be asked.").arg(name)
        case "files_on": return qsTr("%1 allowed everybody to share files.").arg(name)
        case "files_off": return qsTr("%1 turned the sharing of files off.").arg(name)
        case "chat_off": return qsTr("%1 turned the chat off.").arg(name)
        case "screen_off": return qsTr("%1 turned sharing of screens off.").arg(name)
        }
        return qsTr("%1 changed how the meeting is run.").arg(name)
    }

    function trouble(kind: string, sentence: string, seconds: int): string {
        switch (kind) {
        case "reconnecting": return qsTr("We lost the host. Trying again. Your transcript is safe.")
        case "late": return qsTr("Captions are %1 s behind because the host’s computer is busy.").arg(seconds)
        case "paused": return qsTr("Captions are paused: the host’s computer is too busy. Sound and video go on.")
        case "captions": return language === "en" ? sentence : qsTr("Captions are late or missing. Sound and video go on.")
        case "asked": return qsTr("%1 asks you to unmute.").arg(sentence)
        case "asked_camera": return qsTr("%1 asks you to start your video.").arg(sentence)
        case "howl": return qsTr("There is feedback: another device in this room is in the meeting too. Mute one of them, or use headphones.")
        case "deaf": return qsTr("Your microphone gives no sound at all. Switch it on at itself, allow Parley to use it in the system’s settings, or choose another one.")
        case "muted": return qsTr("You are talking, but your microphone is off. Switch it on to be heard.")
        case "firewall": return language === "en" ? sentence : qsTr("This computer’s firewall may keep others out. An administrator opens it: %1").arg(sentence)
        case "device": return language === "en" ? sentence : worded("no_device")
        }
        return ""
    }

    // The one thing that can be done about it at once.
    function remedy(kind: string): string {
        switch (kind) {
        case "asked":
        case "muted": return qsTr("Unmute")
        case "asked_camera": return qsTr("Start video")
        case "howl": return qsTr("Mute me")
        case "deaf":
        case "device": return qsTr("Devices")
        }
        return ""
    }

    // Always a guess, in words; never a percentage.
    // What the person whose camera is checked is asked to do.
    function act(name: string): string {
        switch (name) {
        case "turn_left": return qsTr("Turn your head to your left")
        case "turn_right": return qsTr("Turn your head to your right")
        case "nod": return qsTr("Nod")
        case "blink": return qsTr("Blink with both eyes")
        case "cover": return qsTr("Cover your mouth with a hand")
        }
        return qsTr("Look at the camera")
    }

    function checkStage(stage: string, name: string): string {
        switch (stage) {
        case "asking": return qsTr("%1 is being asked.").arg(name)
        case "starting": return qsTr("%1 agreed. The check is being prepared.").arg(name)
        case "running": return qsTr("%1 is doing what is asked of them. Watch, too.").arg(name)
        case "weighing": return qsTr("What was seen is being weighed.")
        }
        return qsTr("The check is over.")
    }
    function verdict(name: string): string {
        switch (name) {
        case "consistent": return qsTr("Check: consistent")
        case "inconsistent": return qsTr("Check: inconsistent")
        }
        return qsTr("Check: inconclusive")
    }
    function checkSentence(verdict: string, reason: string, name: string): string {
        if (verdict === "consistent") return qsTr("Picture, voice and what %1 was asked to do fit together.").arg(name)
        if (verdict === "inconsistent") return qsTr("Something does not fit together. Ask %1 something only they would know.").arg(name)
        const why = checkReason(reason)
        return why !== "" ? why : qsTr("What was seen is not enough to tell, or does not agree. Try again in better light.")
    }
    function checkReason(reason: string): string {
        switch (reason) {
        case "refused": return qsTr("The person did not agree. That says nothing about them.")
        case "no_answer": return qsTr("The person did not answer.")
        case "cancelled": return qsTr("It was stopped.")
        case "stopped": return qsTr("The person stopped it.")
        case "busy": return qsTr("Another check is going on. Try again in half a minute.")
        case "left": return qsTr("The person left.")
        case "camera_off": return qsTr("The camera was turned off.")
        case "network": return qsTr("The connection was lost.")
        case "no_worker": return qsTr("The host’s computer could not begin it. Try again.")
        case "worker_died": return qsTr("It stopped because of a mistake of ours. Try again.")
        case "no_sound": return qsTr("The microphone was off, or nothing was said.")
        case "no_speech": return qsTr("Nothing was said.")
        case "no_face": return qsTr("The face was out of sight too long.")
        case "several_faces": return qsTr("There is more than one face.")
        case "covered": return qsTr("Sunglasses or something else hides the face.")
        case "too_dark": return qsTr("The face is too dark.")
        case "too_small": return qsTr("The face is too small. Sit nearer to the camera.")
        case "too_short": return qsTr("Too little was seen.")
        case "too_still": return qsTr("The picture stands almost still.")
        case "few_pictures": return qsTr("Too few pictures came through the network, or the host’s computer is busy.")
        case "not_asked": return qsTr("This was not asked.")
        case "changed": return qsTr("The connection was made anew since they joined.")
        }
        return ""
    }
    function witness(name: string): string {
        switch (name) {
        case "repetition": return qsTr("Does the picture repeat or stand still?")
        case "lips": return qsTr("Do the lips move to the voice?")
        case "challenge": return qsTr("Was done what was asked?")
        case "illumination": return qsTr("Does the light of the screen show on the face?")
        case "liveness": return qsTr("Does the face move as faces do?")
        case "provenance": return qsTr("Was the number read aloud?")
        case "detector": return qsTr("What does a trained detector say?")
        }
        return name
    }
    function opinion(score: real, reason: string): string {
        if (reason !== "") return qsTr("Cannot tell. %1").arg(checkReason(reason))
        if (score > 0.3) return qsTr("Speaks for the camera.")
        if (score < -0.3) return qsTr("Speaks against the camera.")
        return qsTr("Says little either way.")
    }

    function guess(label: string, unclear: string): string {
        switch (label) {
        case "happy": return qsTr("Happy (guess)")
        case "neutral": return qsTr("Neutral (guess)")
        case "surprised": return qsTr("Surprised (guess)")
        case "sad": return qsTr("Sad (guess)")
        case "angry": return qsTr("Angry (guess)")
        case "afraid": return qsTr("Afraid (guess)")
        case "disgusted": return qsTr("Disgusted (guess)")
        }
        switch (unclear) {
        case "turned": return qsTr("Unclear: turned away")
        case "small": return qsTr("Unclear: too small")
        case "dark": return qsTr("Unclear: too dark")
        case "covered": return qsTr("Unclear: covered")
        case "several": return qsTr("Unclear: more than one face")
        }
        return qsTr("Unclear")
    }

    function announcement(about: string, name: string, code: string, sentence: string): string {
        switch (about) {
        case "joined": return qsTr("%1 joined").arg(name)
        case "left": return qsTr("%1 left").arg(name)
        case "muted":
            return code === "camera" ? qsTr("%1 stopped your video. You can start it again.").arg(name)
                : code === "microphone" ? qsTr("%1 muted you. You can unmute yourself when you want to speak.").arg(name)
                : qsTr("%1 stopped your screen.").arg(name)
        case "asked": return trouble(code === "camera" ? "asked_camera" : "asked", name, 0)
        case "waits": return qsTr("%1 waits to come in").arg(name)
        case "role":
            if (sentence !== "you") return qsTr("%1 is now the host.").arg(name)
            return code === "host" ? qsTr("You are now the host.")
                : code === "co_host" ? qsTr("You are now co-host.") : qsTr("You are no longer a host of this meeting.")
        case "policy": return ruled(name, code)
        case "hand": return qsTr("%1 raised a hand").arg(name)
        case "shared": return qsTr("%1 shared %2").arg(name).arg(sentence)
        case "written": return qsTr("%1 wrote in the chat").arg(name)
        }
        return problem(code, sentence)
    }
}
