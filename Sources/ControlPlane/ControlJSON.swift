import FoundationEssentials

/// JSON as the control plane writes and reads it: keys in snake case, sorted; instants in RFC 3339.
package enum ControlJSON {
  /// Encodes `value` and ends it with a newline, so that `curl` leaves the terminal tidy.
  package static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try [UInt8](encoder.encode(value)) + [0x0A]
  }

  /// Decodes what `encode` wrote.
  package static func decode<Value: Decodable>(_ type: Value.Type, from body: [UInt8]) throws
    -> Value
  {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.dateDecodingStrategy = .iso8601
    return try decoder.decode(type, from: Data(body))
  }
}
