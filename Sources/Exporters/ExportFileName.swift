/// Names of files that hold one UTC day of a format.
package enum ExportFileName {
  /// `2026-11-22-event4_sinkhole-isp-all.csv`: day, format, network, part.
  ///
  /// Shadowserver's pattern, used for every format. Receivers take the type from between the hyphens
  /// and want exactly two parts after it (AbuseIO's expression is greedy), so everything but letters,
  /// digits and `_` becomes `_`.
  ///
  /// - Parameter day: `InfectionRecord.day`.
  package static func of(
    day: String, format: String, fileTag: String, part: String = "all", fileExtension: String
  ) -> String {
    let type = format.map { $0 == "-" ? "_" : $0 }
    return "\(day)-\(String(type))-\(word(fileTag))-\(word(part)).\(fileExtension)"
  }

  private static func word(_ text: String) -> String {
    let word = text.unicodeScalars.map { scalar in
      scalar.properties.isAlphabetic && scalar.isASCII || ("0"..."9").contains(scalar)
        ? Character(scalar) : "_"
    }
    return word.isEmpty ? "_" : String(word)
  }
}
