import Hummingbird

/// The routes of the control plane: one router, with or without the verbs that change something.
enum ControlRouter {
  /// Which verbs a listener offers.
  enum Verbs {
    /// All: whoever reaches the UNIX socket is the server's own user or root.
    case all
    /// What a monitoring system needs; nothing that changes the server.
    case readOnly
  }

  static func make(_ source: any ControlSource, verbs: Verbs) -> Router<BasicRequestContext> {
    // Load balancers probe with HEAD.
    let router = Router(options: .autoGenerateHeadEndpoints)
    router.get("status") { _, _ in try json(await source.status()) }
    router.get("healthz") { _, _ in
      let report = await source.health()
      return try json(report, status: report.healthy ? .ok : .serviceUnavailable)
    }
    router.get("metrics") { _, _ in
      let text = MetricText.render(await source.metrics())
      return response(Array(text.utf8), type: MetricText.contentType)
    }
    router.get("rpz/:file") { request, context in
      let name = context.parameters.get("file") ?? ""
      guard let download = await source.download(name) else {
        return try json(["error": "there is no '\(name)'"], status: .notFound)
      }
      return download.response(ifNoneMatch: request.headers[.ifNoneMatch])
    }
    addFetches(to: router, source)
    addVerbs(to: router, source, verbs: verbs)
    router.post("reload") { _, _ in
      guard verbs == .all else {
        return try json(
          ["error": "reload is taken on the control socket only: run `ponor reload`"],
          status: .forbidden)
      }
      let result = await source.reload()
      return try json(result, status: result.errors.isEmpty ? .ok : .unprocessableContent)
    }
    return router
  }

  static func json(
    _ value: some Encodable, status: HTTPResponse.Status = .ok
  ) throws -> Response {
    response(try ControlJSON.encode(value), type: "application/json", status: status)
  }

  private static func response(
    _ body: [UInt8], type: String, status: HTTPResponse.Status = .ok
  ) -> Response {
    Response(
      status: status, headers: [.contentType: type, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }
}

extension ControlDownload {
  /// The answer to a request that may name tags it has already.
  fileprivate func response(ifNoneMatch: String?) -> Response {
    let known = ifNoneMatch?.split(separator: ",").contains { field in
      let other = field.drop { $0 == " " }.prefix { $0 != " " }
      // RFC 9110 §13.1.2: the comparison is the weak one.
      return other == "*" || other == tag || other == "W/\(tag)"
    }
    var headers: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]
    if known == true { return Response(status: .notModified, headers: headers) }
    headers[.contentType] = type
    let body = ResponseBody { writer in
      let next = start()
      while let piece = try next() {
        try await writer.write(ByteBuffer(bytes: piece))
      }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: headers, body: body)
  }
}
