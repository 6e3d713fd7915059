/// One figure for a monitoring system.
package struct MetricSample: Sendable, Equatable {
  /// How a figure moves.
  package enum Kind: String, Sendable {
    /// Only up, from 0 at the start.
    case counter
    /// Up and down.
    case gauge
    /// Numbers of observations up to each of several bounds, their sum and their count.
    case histogram
  }

  /// Metric name, `[a-z_]+`, unit last (Prometheus naming practice).
  package var name: String
  /// What it counts, one sentence.
  package var help: String
  /// How it moves.
  package var kind: Kind
  /// Label names and values, in the order they are written.
  package var labels: [Label]
  /// The figure.
  package var value: Double
  /// What a series of a histogram has behind the name: `_bucket`, `_sum` or `_count`.
  package var suffix = ""

  /// A label and its value.
  package struct Label: Sendable, Equatable {
    /// Label name, `[a-z_]+`.
    package var name: String
    /// Any text.
    package var value: String

    /// Makes a label.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Makes a sample.
  package init(
    _ name: String, _ kind: Kind, help: String, labels: [Label] = [], value: Double
  ) {
    self.name = name
    self.kind = kind
    self.help = help
    self.labels = labels
    self.value = value
  }
}

/// The Prometheus text format, version 0.0.4.
package enum MetricText {
  /// The content type of that format.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// Writes samples, those of one name together under one HELP and TYPE as the format demands.
  package static func render(_ samples: [MetricSample]) -> String {
    var order: [String] = []
    var groups: [String: [MetricSample]] = [:]
    for sample in samples {
      if groups[sample.name] == nil { order.append(sample.name) }
      groups[sample.name, default: []].append(sample)
    }
    return order.map { render(group: groups[$0] ?? []) }.joined()
  }

  private static func render(group: [MetricSample]) -> String {
    guard let first = group.first else { return "" }
    let help = escape(first.help, quotes: false)
    var text = "# HELP \(first.name) \(help)\n# TYPE \(first.name) \(first.kind.rawValue)\n"
    for sample in group {
      text += "\(sample.name)\(sample.suffix)\(labels(sample.labels)) \(number(sample.value))\n"
    }
    return text
  }

  private static func labels(_ labels: [MetricSample.Label]) -> String {
    guard !labels.isEmpty else { return "" }
    let pairs = labels.map { "\($0.name)=\"\(escape($0.value, quotes: true))\"" }
    return "{\(pairs.joined(separator: ","))}"
  }

  private static func escape(_ text: String, quotes: Bool) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// Whole numbers without a fraction: counters are counted, and `1e+06` is hard to read.
  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if let whole = Int64(exactly: value) { return String(whole) }
    return String(value)
  }
}
