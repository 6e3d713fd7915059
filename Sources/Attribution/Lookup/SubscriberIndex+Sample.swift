import Addressing
import Evidence

extension SubscriberIndex {
  /// A question that interval number `number` of the index answers; nil when there is none.
  ///
  /// For measurements: questions drawn this way touch the whole file as those of a real population do.
  package func question(aboutInterval number: Int) -> AttributionQuestion? {
    guard let slot = owner(of: number, in: slotIntervals),
      let place = owner(of: slot, in: placeSlots), let address = address(ofPlace: place),
      slot < firstPorts.count, starts.indices.contains(number)
    else { return nil }
    let from = starts[number]
    return AttributionQuestion(
      address: address, port: firstPorts[slot], transport: IPProtocol(rawValue: transports[slot]),
      instant: from == .min ? ends[number] - 1 : from)
  }

  /// The last entry of a table of positions that begins at or before `position`.
  private func owner(of position: Int, in table: MappedColumn<UInt32>) -> Int? {
    var low = 0
    var high = table.count
    while low < high {
      let middle = (low + high) / 2
      if Int(table[middle]) <= position { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }

  private func address(ofPlace place: Int) -> IPAddress? {
    guard
      let group = groups.first(where: { ($0.firstPlace..<$0.firstPlace + $0.count).contains(place) }
      )
    else { return nil }
    return key(place - group.firstPlace, group)
  }
}
