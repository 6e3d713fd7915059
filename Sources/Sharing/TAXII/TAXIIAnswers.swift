import Evidence
import Exporters

/// The TAXII 2.1 server (OASIS TAXII 2.1, 10 June 2021), read-only.
///
/// `/taxii2/` tells of one API root, `/taxii2/ponor/`, with two collections for each recipient:
/// names that malware asks for, and the infections that are the recipient's.
struct TAXIIAnswers: Sendable {
  static let mediaType = "application/taxii+json;version=2.1"
  private static let stixType = "application/stix+json;version=2.1"
  private static let root = "ponor"

  let tenants: TenantList
  let title: String
  let contact: String
  let store: @Sendable () throws -> TAXIIStore?

  /// Answers a request for a path below `/taxii2/`.
  func answer(_ request: SharedRequest) -> SharedAnswer {
    guard let tenant = tenants.authorized(request.headers["authorization"]), tenant.hasTAXII else {
      var answer = problem(401, "Unauthorized", "user and password, or a bearer token, are needed")
      answer.headers["www-authenticate"] = "Basic realm=\"taxii\", Bearer realm=\"taxii\""
      return answer
    }
    var answer = answer(request, tenant)
    answer.reader = tenant.name
    return answer
  }

  private func answer(_ request: SharedRequest, _ tenant: Tenant) -> SharedAnswer {
    guard Self.accepts(request.headers["accept"]) else {
      return problem(406, "Not Acceptable", "ask for \(Self.mediaType)")
    }
    let parts = request.parts.dropFirst().map(String.init)
    guard request.method == "GET" || request.method == "HEAD" else {
      return problem(403, "Forbidden", "nothing can be written or deleted here")
    }
    switch parts.count {
    case 0: return discovery(request)
    case 1 where parts[0] == Self.root: return apiRoot()
    case 2... where parts[0] == Self.root && parts[1] == "collections":
      return collections(Array(parts.dropFirst(2)), request, tenant)
    default: return problem(404, "Not Found", "there is nothing at this address")
    }
  }

  /// Whether a client takes what is sent (TAXII 2.1 §1.6.8); a version of 2.1, or none.
  private static func accepts(_ field: String?) -> Bool {
    guard let field else { return true }
    return field.split(separator: ",").contains { range in
      let words = range.split(separator: ";").map {
        $0.filter { !$0.isWhitespace }.lowercased()
      }
      guard let type = words.first,
        ["application/taxii+json", "application/*", "*/*"].contains(type)
      else { return false }
      let version = words.first { $0.hasPrefix("version=") }
      return version == nil || version == "version=2.1"
    }
  }

  // MARK: - Descriptions

  private func discovery(_ request: SharedRequest) -> SharedAnswer {
    let address = "\(request.headers["x-ponor-base"] ?? "")/taxii2/\(Self.root)/"
    var object = AnswerObject()
    object.add("title", title)
    object.add("contact", contact)
    object.add("default", address)
    object.add("api_roots", raw: AnswerObject.array([SafeText.json(address)]))
    return json(object)
  }

  private func apiRoot() -> SharedAnswer {
    var object = AnswerObject()
    object.add("title", title)
    object.add("versions", raw: AnswerObject.array([SafeText.json(Self.mediaType)]))
    object.add("max_content_length", SharedRequest.bodyLimit)
    return json(object)
  }

  /// Identifier of a collection: a UUID that stays the same.
  static func identifier(_ collection: String) -> String {
    UUIDv5.text(parts: ["taxii collection", collection])
  }

  private static func offered(to tenant: Tenant) -> [(name: String, title: String)] {
    [
      (TAXIIStore.domains, "Names that malware asks for (TLP:GREEN)"),
      (tenant.name, "Infections in the networks of \(tenant.name) (TLP:AMBER)"),
    ]
  }

  private func describe(_ collection: (name: String, title: String)) -> String {
    var object = AnswerObject()
    object.add("id", Self.identifier(collection.name))
    object.add("title", collection.title)
    object.add("can_read", true)
    object.add("can_write", false)
    object.add("media_types", raw: AnswerObject.array([SafeText.json(Self.stixType)]))
    return object.line
  }

  // MARK: - Collections

  private func collections(
    _ parts: [String], _ request: SharedRequest, _ tenant: Tenant
  ) -> SharedAnswer {
    let offered = Self.offered(to: tenant)
    guard let wanted = parts.first else {
      var object = AnswerObject()
      object.add("collections", raw: AnswerObject.array(offered.map(describe)))
      return json(object)
    }
    guard let collection = offered.first(where: { Self.identifier($0.name) == wanted }) else {
      return problem(404, "Not Found", "there is no such collection for you")
    }
    do {
      switch (parts.count, parts.dropFirst().first) {
      case (1, _):
        return SharedAnswer(status: 200, type: Self.mediaType, text: describe(collection))
      case (2, "objects"): return try objects(collection.name, TAXIIQuery(request.query))
      case (2, "manifest"): return try manifest(collection.name, TAXIIQuery(request.query))
      case (3, "objects"), (4, "objects"):
        var query = try TAXIIQuery(request.query)
        query.ids = [parts[2]]
        query.types = []
        return try single(parts, collection.name, query)
      default: return problem(404, "Not Found", "there is nothing at this address")
      }
    } catch let error as TAXIIQuery.Problem {
      return problem(400, "Bad Request", error.text)
    } catch {
      return problem(503, "Service Unavailable", "the objects cannot be read now")
    }
  }

  private func single(
    _ parts: [String], _ collection: String, _ query: TAXIIQuery
  ) throws -> SharedAnswer {
    var any = TAXIIQuery()
    any.ids = query.ids
    guard try !page(collection, any).entries.isEmpty else {
      return problem(404, "Not Found", "there is no such object in the collection")
    }
    if parts.count == 3 { return try objects(collection, query) }
    guard parts[3] == "versions" else {
      return problem(404, "Not Found", "there is nothing at this address")
    }
    var all = query
    all.versions = [.all]
    let (entries, hasMore) = try page(collection, all)
    return envelope(
      entries, hasMore, key: "versions", items: entries.map { SafeText.json($0.version) })
  }

  private func page(
    _ collection: String, _ query: TAXIIQuery
  ) throws -> (entries: [TAXIIStore.Entry], hasMore: Bool) {
    try store()?.page(Self.stored(collection), query) ?? ([], false)
  }

  /// Collections of recipients are kept apart from those with names of their own.
  static func stored(_ collection: String) -> String {
    collection == TAXIIStore.domains ? collection : "infections:\(collection)"
  }

  private func objects(_ collection: String, _ query: TAXIIQuery) throws -> SharedAnswer {
    let (entries, hasMore) = try page(collection, query)
    var answer = envelope(entries, hasMore, key: "objects", items: entries.map(\.json))
    if collection != TAXIIStore.domains { answer.personal = entries.count }
    return answer
  }

  private func manifest(_ collection: String, _ query: TAXIIQuery) throws -> SharedAnswer {
    let (entries, hasMore) = try page(collection, query)
    let items = entries.map { entry in
      var object = AnswerObject()
      object.add("id", entry.id)
      object.add("date_added", UTCTime.rfc3339(microseconds: entry.added))
      object.add("version", entry.version)
      object.add("media_type", Self.stixType)
      return object.line
    }
    return envelope(entries, hasMore, key: "objects", items: items)
  }

  // MARK: - Envelopes and errors

  private func envelope(
    _ entries: [TAXIIStore.Entry], _ hasMore: Bool, key: String, items: [String]
  ) -> SharedAnswer {
    var object = AnswerObject()
    object.add("more", hasMore)
    if hasMore, let last = entries.last { object.add("next", String(last.row)) }
    // A list that would be empty is left out (TAXII 2.1 §3.7).
    if !items.isEmpty { object.add(key, raw: AnswerObject.array(items)) }
    var answer = json(object)
    if let first = entries.first, let last = entries.last {
      answer.headers["x-taxii-date-added-first"] = UTCTime.rfc3339(microseconds: first.added)
      answer.headers["x-taxii-date-added-last"] = UTCTime.rfc3339(microseconds: last.added)
    }
    return answer
  }

  private func json(_ object: AnswerObject) -> SharedAnswer {
    SharedAnswer(status: 200, type: Self.mediaType, text: object.line)
  }

  private func problem(_ status: Int, _ title: String, _ description: String) -> SharedAnswer {
    var object = AnswerObject()
    object.add("title", title)
    object.add("description", description)
    object.add("http_status", String(status))
    return SharedAnswer(status: status, type: Self.mediaType, text: object.line)
  }
}
