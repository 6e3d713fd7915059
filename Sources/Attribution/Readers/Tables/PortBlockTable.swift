import Addressing
import Evidence

/// Reads the port blocks a translator gave out and took back (RFC 8158 §5.5, events 16 and 17, as CSV).
///
/// Columns by name: `time`, `event`, `inner`, `outer`, `port_start`, `port_end`, and if there is one
/// `proto`. A block that is given out again without having been taken back was taken back then; one
/// taken back whose giving out is not in the log was out since the log began.
package struct PortBlockTable: SourceReader {
  private static let columns = [
    "time", "event", "inner", "outer", "port_start", "port_end", "proto",
  ]

  /// A block of ports of an outside address.
  private struct Block: Hashable {
    var outer: IPAddress
    var ports: ClosedRange<UInt16>
    var transport: IPProtocol
  }

  private struct Use {
    var inner: IPAddress
    var from: Int64
  }

  private var table = HeaderedTable(Self.columns, required: Array(Self.columns.prefix(6)))
  private var open: [Block: Use] = [:]
  private let utcOffset: Int64

  /// Makes a reader.
  package init(_ options: ReaderOptions = ReaderOptions()) { utcOffset = options.utcOffset ?? 0 }

  package mutating func beginFile(_ output: inout ReaderOutput) { table.beginFile() }

  package mutating func read(_ line: [UInt8], _ output: inout ReaderOutput) {
    switch table.read(line) {
    case .nothing: return
    case .flaw(let what):
      output.countRow()
      output.malformed(what)
    case .fields:
      output.countRow()
      readRow(&output)
    }
  }

  private mutating func readRow(_ output: inout ReaderOutput) {
    guard let time = table[0].flatMap({ InstantText.parse($0, utcOffset: utcOffset) }) else {
      return output.malformed("time \(shown(table[0] ?? [])) is none")
    }
    guard let isGiven = table[1].flatMap(Self.isGiven) else {
      return output.malformed("event \(shown(table[1] ?? [])) is neither alloc nor dealloc")
    }
    guard let inner = table[2]?.address, let outer = table[3]?.address else {
      return output.malformed("inner and outer must be addresses")
    }
    guard table[4] != nil, let ports = PortText.range(table[4], table[5]),
      let transport = PortText.transport(table[6])
    else { return output.malformed("port_start, port_end or proto is wrong") }
    let block = Block(outer: outer, ports: ports, transport: transport)
    let begin = output.summary.earliest ?? time
    output.saw(time)
    if isGiven {
      give(block, inner, time, &output)
    } else {
      take(block, inner, time, begin, &output)
    }
  }

  private mutating func give(
    _ block: Block, _ inner: IPAddress, _ time: Int64, _ output: inout ReaderOutput
  ) {
    if let use = open[block] {
      // Said twice: the first counts.
      guard use.inner != inner else { return }
      tell(block, use, to: time, &output)
    }
    open[block] = Use(inner: inner, from: time)
  }

  private mutating func take(
    _ block: Block, _ inner: IPAddress, _ time: Int64, _ begin: Int64,
    _ output: inout ReaderOutput
  ) {
    guard let use = open[block] else {
      return tell(block, Use(inner: inner, from: begin), to: time, &output)
    }
    // Of somebody who had it before: the block has been given out again since.
    guard use.inner == inner else { return }
    open[block] = nil
    tell(block, use, to: time, &output)
  }

  package mutating func finish(_ output: inout ReaderOutput) {
    for (block, use) in open { tell(block, use, to: .max, &output) }
    open = [:]
  }

  private func tell(_ block: Block, _ use: Use, to: Int64, _ output: inout ReaderOutput) {
    output.add(
      AddressInterval(
        prefix: IPPrefix(address: block.outer, length: 128), ports: block.ports,
        transport: block.transport, from: use.from, to: to), .inside(use.inner))
  }

  /// Whether an event gives a block out; nil when it is another event.
  private static func isGiven(_ event: Octets) -> Bool? {
    switch event.text.lowercased() {
    case "alloc", "allocate", "allocated", "allocation", "16": true
    case "dealloc", "deallocate", "deallocated", "release", "released", "free", "17": false
    default: nil
    }
  }
}
