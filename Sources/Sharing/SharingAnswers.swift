/// Everything recipients fetch over HTTP: TAXII collections and daily reports.
package struct SharingAnswers: Sendable {
  private let taxii: TAXIIAnswers
  private let reports: ReportAnswers

  /// Answers for some recipients.
  ///
  /// - Parameters:
  ///   - title: of the TAXII server.
  ///   - contact: whom to ask about it.
  ///   - store: opens the objects of collections; nil while there are none.
  package init(
    tenants: [Tenant], dataDirectory: String, title: String, contact: String,
    store: @escaping @Sendable () throws -> TAXIIStore?
  ) {
    let list = TenantList(tenants: tenants)
    taxii = TAXIIAnswers(tenants: list, title: title, contact: contact, store: store)
    reports = ReportAnswers(tenants: list, dataDirectory: dataDirectory)
  }

  /// First parts of the paths that are answered here.
  package static let roots = ["taxii2", "api2", "dl"]

  /// Answers a request.
  package func answer(_ request: SharedRequest) -> SharedAnswer {
    request.parts.first == "taxii2" ? taxii.answer(request) : reports.answer(request)
  }
}
