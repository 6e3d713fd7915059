import DNSWire

/// Canonical order of names (RFC 4034 §6.1): by label from the right, letters in lower case.
enum CanonicalOrder {
  /// Where the labels of an uncompressed name start, in fixed storage.
  private struct Labels {
    var starts = InlineArray<128, UInt8>(repeating: 0)
    var count = 0

    init(_ name: Span<UInt8>) {
      var position = 0
      while position < name.count, name[position] != 0 {
        starts[count] = UInt8(truncatingIfNeeded: position)
        count += 1
        position += Int(name[position]) + 1
      }
    }
  }

  /// Compares two uncompressed names: negative, 0 or positive.
  static func compare(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
    let leftLabels = Labels(left)
    let rightLabels = Labels(right)
    for depth in 1..<(min(leftLabels.count, rightLabels.count) + 1) {
      let leftStart = Int(leftLabels.starts[leftLabels.count - depth])
      let rightStart = Int(rightLabels.starts[rightLabels.count - depth])
      let order = compareLabels(left, leftStart, right, rightStart)
      if order != 0 { return order }
    }
    return leftLabels.count - rightLabels.count
  }

  private static func compareLabels(
    _ left: Span<UInt8>, _ leftStart: Int, _ right: Span<UInt8>, _ rightStart: Int
  ) -> Int {
    let leftLength = Int(left[leftStart])
    let rightLength = Int(right[rightStart])
    for index in 1..<(min(leftLength, rightLength) + 1) {
      let difference =
        Int(left[leftStart + index].asciiLowercased)
        - Int(right[rightStart + index].asciiLowercased)
      if difference != 0 { return difference }
    }
    return leftLength - rightLength
  }
}

extension CompiledZone {
  /// The node whose NSEC record covers `name`, which is not in the zone.
  func denial(of name: Span<UInt8>) -> Int32 {
    Self.denial(of: name, canonicalOrder, nodes, octets)
  }

  /// The last node in canonical order that does not stand behind `name`, and its NSEC record.
  static func denial(
    of name: Span<UInt8>, _ canonicalOrder: [Int32], _ nodes: [ZoneNode], _ octets: [UInt8]
  ) -> Int32 {
    var low = 0
    var high = canonicalOrder.count
    while low < high {
      let middle = (low + high) / 2
      let node = nodes[Int(canonicalOrder[middle])]
      let stored = octets.span.extracting(Int(node.name)..<Int(node.name) + Int(node.nameLength))
      if CanonicalOrder.compare(stored, name) <= 0 { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? ZoneNode.none : nodes[Int(canonicalOrder[low - 1])].denial
  }
}
