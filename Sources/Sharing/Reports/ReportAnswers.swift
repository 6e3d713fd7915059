import Evidence
import Exporters

/// The pull API: made like Shadowserver's, so that its collectors need only another address.
///
/// `POST /api2/reports/list`, `POST /api2/reports/download`, `GET /dl/ID`, `POST /api2/reports/types`
/// and `POST /api2/test/ping`. A body is signed: `HMAC2` has the HMAC-SHA256 of it in hexadecimal
/// digits, with the recipient's token as key; `apikey` is the recipient's name.
struct ReportAnswers: Sendable {
  let tenants: TenantList
  let dataDirectory: String

  func answer(_ request: SharedRequest) -> SharedAnswer {
    let parts = request.parts.map(String.init)
    if parts.first == "dl" { return download(request, parts) }
    guard request.method == "POST" else { return problem(405, "use POST") }
    guard let form = ReportRequest(request.body) else {
      return problem(400, "the body is no JSON object with an apikey")
    }
    guard
      let tenant = tenants.signer(
        key: form.apiKey, code: request.headers["hmac2"], body: request.body), tenant.hasReports
    else { return problem(401, "the apikey is unknown or HMAC2 is wrong") }
    var answer = answer(parts.dropFirst().joined(separator: "/"), form, tenant)
    answer.reader = tenant.name
    return answer
  }

  private func answer(_ verb: String, _ form: ReportRequest, _ tenant: Tenant) -> SharedAnswer {
    let folder = folder(tenant)
    switch verb {
    case "reports/list": return list(folder.reports(), form)
    case "reports/types":
      return SharedAnswer(
        status: 200, type: "application/json",
        text: AnswerObject.array(ReportFolder.formats.map { SafeText.json($0) }))
    case "reports/download":
      guard let report = folder.reports().first(where: { $0.id == form.id }) else {
        return problem(404, "there is no such report")
      }
      return file(report, folder)
    case "test/ping":
      return SharedAnswer(status: 200, type: "application/json", text: "{\"pong\":true}")
    default: return problem(404, "there is no such request")
    }
  }

  private func folder(_ tenant: Tenant) -> ReportFolder {
    ReportFolder(
      path: ReportFolder.path(dataDirectory: dataDirectory, recipient: tenant.name),
      tenant: tenant)
  }

  private func list(_ reports: [ReportFolder.Report], _ form: ReportRequest) -> SharedAnswer {
    let wanted = reports.filter { report in
      (form.firstDay.map { report.day >= $0 } ?? true)
        && (form.lastDay.map { report.day <= $0 } ?? true)
        && (form.types.isEmpty || form.types.contains(report.type))
    }
    let items = wanted.map { report in
      var object = AnswerObject()
      object.add("id", report.id)
      object.add("timestamp", "\(report.day) 00:00:00")
      object.add("type", report.type)
      object.add("file", report.file)
      object.add("report", report.type)
      return object.line
    }
    return SharedAnswer(status: 200, type: "application/json", text: AnswerObject.array(items))
  }

  /// The identifier alone is the right to read, and only its recipient was told it.
  private func download(_ request: SharedRequest, _ parts: [String]) -> SharedAnswer {
    guard request.method == "GET" || request.method == "HEAD", parts.count == 2 else {
      return problem(404, "there is no such report")
    }
    for tenant in tenants.tenants where tenant.hasReports {
      let folder = folder(tenant)
      if let report = folder.reports().first(where: { $0.id == parts[1] }) {
        var answer = file(report, folder)
        answer.reader = tenant.name
        return answer
      }
    }
    return problem(404, "there is no such report")
  }

  private func file(_ report: ReportFolder.Report, _ folder: ReportFolder) -> SharedAnswer {
    var answer = SharedAnswer(file: "\(folder.path)/\(report.file)", type: "text/csv")
    answer.headers["content-disposition"] = "attachment; filename=\"\(report.file)\""
    answer.personal = 1
    return answer
  }

  private func problem(_ status: Int, _ text: String) -> SharedAnswer {
    var object = AnswerObject()
    object.add("error", text)
    return SharedAnswer(status: status, type: "application/json", text: object.line)
  }
}
