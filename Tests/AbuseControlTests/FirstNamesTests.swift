import AbuseControl
import Testing

@Suite struct FirstNamesTests {
  private let hour = FirstNames.window
  private let client: UInt64 = 0x1234_5678_9abc_def0

  /// A hash whose bit is known: names get one of 24 by the upper half.
  private func name(_ bit: UInt64) -> UInt64 { bit << 32 }

  @Test("the first names are denied, later ones are not, and no answer changes within the hour")
  func stages() {
    let names = FirstNames(capacity: 64)
    let denied = (0..<6).map { names.isFirst(client, name: name($0), count: 3, at: hour) }
    #expect(denied == [true, true, true, false, false, false])
    let again = (0..<6).map { names.isFirst(client, name: name($0), count: 3, at: 2 * hour - 1) }
    #expect(again == denied)
  }

  @Test("after an hour a client begins anew")
  func expiry() {
    let names = FirstNames(capacity: 64)
    for bit in 0..<4 { _ = names.isFirst(client, name: name(UInt64(bit)), count: 3, at: 0) }
    #expect(!names.isFirst(client, name: name(9), count: 3, at: hour - 1))
    #expect(names.isFirst(client, name: name(9), count: 3, at: hour))
  }

  @Test("clients do not share their names")
  func clients() {
    let names = FirstNames(capacity: 64)
    for bit in 0..<3 { _ = names.isFirst(client, name: name(UInt64(bit)), count: 3, at: 0) }
    #expect(!names.isFirst(client, name: name(5), count: 3, at: 0))
    #expect(names.isFirst(client ^ 1, name: name(5), count: 3, at: 0))
  }

  @Test("a clock set back neither traps nor keeps a client for ever")
  func clock() {
    let names = FirstNames(capacity: 64)
    for bit in 0..<3 { _ = names.isFirst(client, name: name(UInt64(bit)), count: 3, at: 10 * hour) }
    #expect(names.isFirst(client, name: name(7), count: 3, at: 0))
  }
}
