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

  private static func json(
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
