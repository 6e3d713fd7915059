import Attribution
import ControlPlane
package import Evidence

/// Asks `ponor attribution serve`: the side of the resolver, which never sees the index.
package struct AttributionClient: SubscriberLookup {
  /// How long a step of a request may take: an index of ten million intervals is opened and checked
  /// in 3 s.
  private static let timeoutSeconds = 10

  private let socketPath: String

  /// A client of the server at a path.
  package init(socketPath: String) { self.socketPath = socketPath }

  package func answers(
    _ questions: [SubscriberQuestion]
  ) throws(SubscriberLookupFailure) -> SubscriberAnswers {
    do {
      let response = try ControlClient.request(
        socketPath: socketPath, method: "POST", path: "/\(AttributionServer.path)",
        body: QuestionLines.text(questions), timeoutSeconds: Self.timeoutSeconds)
      guard response.status == 200 else {
        throw SubscriberLookupFailure("\(socketPath): \(Self.firstLine(response))")
      }
      return try AnswerLines.parse(response.body, count: questions.count)
    } catch let failure as SubscriberLookupFailure {
      throw failure
    } catch ControlError.notRunning {
      throw SubscriberLookupFailure(
        "nobody answers at \(socketPath): start `ponor attribution serve`")
    } catch {
      throw SubscriberLookupFailure("\(socketPath): \(error)")
    }
  }

  private static func firstLine(_ response: ControlClient.Response) -> String {
    let line = response.body.prefix { $0 >= 0x20 && $0 < 0x7F }.prefix(300)
    return line.isEmpty ? "status \(response.status)" : String(decoding: line, as: UTF8.self)
  }
}
