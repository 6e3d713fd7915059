import DNSServer
import DomainIndex
import Settings

extension Supervisor {
  /// Whether policy zones are wanted but the names of the index in force were not kept.
  var lacksNames: Bool {
    guard !settings.rpzOut.isEmpty, let index else { return false }
    return !files.namedGenerations.contains(index.generation)
  }

  /// Makes new versions of policy zones where settings, index or time call for them, and offers
  /// them.
  func updateRPZOut() async {
    let isChanged = await rpzOut.update(
      settings, generation: index?.generation, now: UTCClock.seconds())
    problems["rpz_out"] = await rpzOut.problems
    guard isChanged else { return }
    transfers.offer(await rpzOut.offers)
    publish()
  }

  /// Tells secondaries what there is, now that they can come for it.
  func announceZones() {
    transfers.noteListening()
    publish()
  }
}
