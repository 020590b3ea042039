// For tests and for people who look into a problem: `await parley.statistics()` in the browser's console.

/** `current` gives the call of now, or null. */
export function inform(current) {
  window.parley = {
    async statistics() {
      const call = current();
      if (!call) return null;
      const reports = [...(await call.media.statistics()).values()];
      return {
        you: call.room.you,
        people: [...call.room.people.values()],
        path: path(reports),
        connection: call.media.state,
        inbound: reports.filter((report) => report.type === "inbound-rtp").map((report) => inbound(report, call.room)),
        outbound: reports.filter((report) => report.type === "outbound-rtp").map(outbound),
      };
    },
    /** Looks for another way to the host, as after a change of networks. */
    restart: () => current()?.media.restart(),
  };
}

/** How the host is reached: the protocol, and its address.  Firefox has no transport's report, and marks the pair. */
function path(reports) {
  const chosen = reports.find(({ type }) => type === "transport")?.selectedCandidatePairId;
  const pair = reports.find(({ id, type, selected }) => id === chosen || (type === "candidate-pair" && selected));
  const { protocol = "", address = "" } = reports.find(({ id }) => id === pair?.remoteCandidateId) ?? {};
  return { protocol, address };
}

function inbound(report, room) {
  return {
    source: room.shows.get(report.mid) ?? null,
    kind: report.kind,
    packets: report.packetsReceived,
    lost: report.packetsLost,
    framesDecoded: report.framesDecoded ?? 0,
    frameWidth: report.frameWidth ?? 0,
    keyFramesDecoded: report.keyFramesDecoded ?? 0,
    pliCount: report.pliCount ?? 0,
    freezeCount: report.freezeCount ?? 0,
    freezes_s: report.totalFreezesDuration ?? 0,
    energy: report.totalAudioEnergy ?? 0,
  };
}

function outbound(report) {
  return {
    kind: report.kind,
    layer: report.rid ?? null,
    active: report.active ?? true,
    frameWidth: report.frameWidth ?? 0,
    packets: report.packetsSent,
    framesEncoded: report.framesEncoded ?? 0,
    keyFramesEncoded: report.keyFramesEncoded ?? 0,
  };
}
