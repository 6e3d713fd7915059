/// The connections of one event loop, the longest silent first.
///
/// Linked through the connections themselves: moving one to the end, done for every query, costs
/// four assignments and no allocation.
struct TCPConnectionList {
  private var head: StreamConnection?
  private var tail: StreamConnection?
  /// Connections in the list.
  private(set) var count = 0

  mutating func append(_ connection: StreamConnection) {
    connection.links.older = tail
    connection.links.newer = nil
    if let tail { tail.links.newer = connection } else { head = connection }
    tail = connection
    count += 1
  }

  mutating func remove(_ connection: StreamConnection) {
    let older = connection.links.older
    let newer = connection.links.newer
    if let older { older.links.newer = newer } else { head = newer }
    if let newer { newer.links.older = older } else { tail = older }
    connection.links.older = nil
    connection.links.newer = nil
    count -= 1
  }

  mutating func moveToEnd(_ connection: StreamConnection) {
    guard tail !== connection else { return }
    remove(connection)
    append(connection)
  }

  /// The first of the `limit` longest silent connections that fits.
  func first(of limit: Int, where fits: (StreamConnection) -> Bool) -> StreamConnection? {
    var candidate = head
    for _ in 0..<limit {
      guard let connection = candidate else { return nil }
      if fits(connection) { return connection }
      candidate = connection.links.newer
    }
    return nil
  }

  /// Runs `body` for each connection, which may remove itself meanwhile.
  func forEach(_ body: (StreamConnection) -> Void) {
    var next = head
    while let connection = next {
      next = connection.links.newer
      body(connection)
    }
  }
}

/// The neighbours of a connection in its list.
struct TCPConnectionLinks {
  var newer: StreamConnection?
  /// Unowned against a cycle of strong references; a neighbour stands in the list, which owns it.
  unowned var older: StreamConnection?
}
