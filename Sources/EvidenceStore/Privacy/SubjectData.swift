package import Evidence
package import HitLog

/// What is stored of somebody: the suspects that a subject means, and which hits are theirs.
package struct SubjectData {
  /// Texts of the suspects: the subject's own, and for an address or prefix those of all that it is
  /// part of, that lie in it, and of devices that were told to have it.
  package let names: [String]
  private let subject: Suspect
  private let suspects: Set<Suspect>
  private let spans: [LineSpan]
  private let options: SuspectOptions

  /// Finds out what somebody's is in a data directory whose evidence is open.
  ///
  /// - Parameter options: what the operator says of addresses, by which hits have their suspects.
  package init(
    of subject: Suspect, in database: EvidenceDatabase, dataDirectory: String,
    options: SuspectOptions
  ) throws(HitStorageError) {
    var names = Set(try database.names(ofSuspectsIn: subject))
    // A day keeps the address of its first lookup only; a device may have had others.
    for device in try Self.devices(toldOf: subject, dataDirectory, options) {
      names.insert(device.description)
    }
    self.names = names.sorted()
    self.subject = subject
    self.options = options
    suspects = Set(names.compactMap { Suspect($0) })
    spans = try database.spans(ofLines: self.names)
  }

  /// Whether a hit, or an aggregate of hits, is the subject's.
  ///
  /// The hits of a suspect go with it, whatever address they had: a rebuild would bring back an
  /// episode that was erased.
  /// - Parameters:
  ///   - first: first lookup, microseconds since 1970.
  ///   - last: last lookup.
  package func covers(
    _ client: ClientAddress, _ origin: ClientOrigin, first: Int64, last: Int64
  ) -> Bool {
    subject.covers(client, origin)
      || suspects.contains(options.suspect(client: client, origin: origin))
      || spans.contains { $0.client == client && $0.first <= last && first <= $0.last }
  }

  /// Devices whose hits say that they had an address of the subject.
  private static func devices(
    toldOf subject: Suspect, _ dataDirectory: String, _ options: SuspectOptions
  ) throws(HitStorageError) -> Set<Suspect> {
    guard case .address = subject.identity else { return [] }
    var devices: Set<Suspect> = []
    do throws(HitStorageError) {
      let store = try HitStore.open(dataDirectory: dataDirectory)
      try store.forEachDevice { client, origin in
        guard subject.covers(client, origin) else { return }
        devices.insert(options.suspect(client: client, origin: origin))
      }
    } catch  where error.kind == .cannotOpen {
      return []
    }
    return devices
  }
}

extension Suspect {
  /// Whether a hit's client is the suspect, or one behind its address; never for lines, which only
  /// attribution knows.
  package func covers(_ client: ClientAddress, _ origin: ClientOrigin) -> Bool {
    switch identity {
    case .address(let prefix):
      // A client of which only a prefix is known may be anybody in it.
      let known = ClientPrefix(client, length: origin.prefixLength ?? 128)
      return prefix.contains(client) || known.contains(prefix.address)
    case .device(let address, let device):
      return (origin.relay ?? client) == address && origin.device == device
    case .line: return false
    }
  }
}

extension EvidenceDatabase {
  /// Names of the suspects that a suspect means: itself, and for an address those it is part of.
  func names(ofSuspectsIn suspect: Suspect) throws(HitStorageError) -> [String] {
    var ids: [Int64] = []
    if case .address(let prefix) = suspect.identity {
      ids = try suspects(of: prefix.address)
      ids += try suspects(within: prefix)
    }
    var names: [String] = [suspect.description]
    for id in Set(ids).sorted() {
      // A line that had the address for a while is another subject.
      let name = try suspectName(id)
      if !name.hasPrefix("line:") { names.append(name) }
    }
    return Array(Set(names)).sorted()
  }

  /// Suspects whose address lies within a prefix.
  private func suspects(within prefix: ClientPrefix) throws(HitStorageError) -> [Int64] {
    guard !prefix.isSingleAddress else { return [] }
    let find = try statement("SELECT id, name FROM suspects")
    defer { find.reset() }
    var ids: [Int64] = []
    while try find.step() {
      switch Suspect(find.text(1))?.identity {
      case .address(let other)
      where prefix.contains(other.address) && other.length >= prefix.length:
        ids.append(find.int(0))
      case .device(let address, _) where prefix.contains(address): ids.append(find.int(0))
      default: continue
      }
    }
    return ids + (try devices(in: .address(prefix.address, prefixLength: prefix.length)))
  }

  func spans(ofLines names: [String]) throws(HitStorageError) -> [LineSpan] {
    var spans: [LineSpan] = []
    for name in names where name.hasPrefix("line:") {
      if let row = try suspect(name) { spans += try self.spans(ofLine: row.id) }
    }
    return spans
  }
}
