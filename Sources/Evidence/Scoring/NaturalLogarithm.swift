internal import Glibc

/// The few functions of the C library that the score needs.
enum NaturalLogarithm {
  /// ln x.
  static func of(_ value: Double) -> Double { log(value) }
  /// ln(1 + x), exact for small x.
  static func ofOnePlus(_ value: Double) -> Double { log1p(value) }
  /// e to the x.
  static func inverse(_ value: Double) -> Double { exp(value) }
  /// e to the x, minus 1, exact for small x.
  static func inverseMinusOne(_ value: Double) -> Double { expm1(value) }
  /// 2 to the x.
  static func powerOfTwo(_ value: Double) -> Double { exp2(value) }
}
