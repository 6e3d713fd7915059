import Sharing

/// What recipients send: lines `name=value` of a query, an empty line, the body of a request.
func fuzzFetch(_ octets: [UInt8]) {
  let lines = octets.split(separator: 10, omittingEmptySubsequences: false)
  let end = lines.firstIndex(where: \.isEmpty) ?? lines.endIndex
  let query = lines[..<end].map { line -> (name: String, value: String) in
    let parts = line.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
    return (
      String(decoding: parts[0], as: UTF8.self),
      String(decoding: parts.count > 1 ? parts[1] : [], as: UTF8.self)
    )
  }
  if let wish = try? TAXIIQuery(query) {
    precondition((1...TAXIIQuery.pageLimit).contains(wish.limit), "page of no or any size")
    precondition(wish.after >= 0 && !wish.versions.isEmpty, "a filter that matches nothing")
    precondition(wish.addedAfter.map { $0 >= 0 } ?? true, "an instant before 1970")
  }
  let body = lines[end...].dropFirst().joined(separator: [10])
  if let request = ReportRequest(Array(body)) {
    for day in [request.firstDay, request.lastDay].compactMap(\.self) {
      precondition(day.utf8.count == 10, "a day that may be a path")
    }
  }
}
