/// What the x87 floating-point unit computes where it differs from correct mathematics.
///
/// `fsin` reduces its argument with a π of 66 bits (Intel SDM volume 1, section 8.3.8). Near 2^62
/// the reduced angle is then far from the true one, which Conficker's generator depends on.
public enum X87 {
  /// The 66-bit π times 2^64.
  static let pi: UInt128 = 0x3_243F_6A88_85A3_08D3

  /// `fsin` of a number that is a whole number below 2^63, rounded to a double.
  ///
  /// From 2^63 on `fsin` leaves its argument unchanged, and so does this.
  public static func sine(ofWhole argument: UInt64) -> Double {
    guard argument < 1 << 63 else { return Double(argument) }
    // Angles in units of 2^-65: π/2 is then the integer `pi`. The product has up to 128 bits.
    let turn = pi << 2
    let angle = (UInt128(argument) << 65) % turn
    let quadrant = (angle + pi / 2) / pi
    // The angle from the nearest multiple of π/2, -π/4 to π/4.
    let rest = Int128(angle) - Int128(quadrant * pi)
    switch quadrant & 3 {
    case 0: return sine(ofFraction: rest)
    case 1: return cosine(ofFraction: rest)
    case 2: return -sine(ofFraction: rest)
    default: return -cosine(ofFraction: rest)
    }
  }

  /// The sine of an angle of at most π/4, in units of 2^-65, by its power series in fixed point.
  private static func sine(ofFraction angle: Int128) -> Double {
    let magnitude = series(angle.magnitude, from: angle.magnitude << 60, firstDivisor: 2)
    return angle < 0 ? -magnitude : magnitude
  }

  private static func cosine(ofFraction angle: Int128) -> Double {
    series(angle.magnitude, from: 1 << 125, firstDivisor: 1)
  }

  /// Sums `term - term·x²/(n(n+1)) + …` in units of 2^-125, until the terms vanish.
  private static func series(
    _ angle: UInt128, from first: UInt128, firstDivisor: UInt128
  ) -> Double {
    var term = first
    var sum = Int128(first)
    var divisor = firstDivisor
    var isNegative = true
    while true {
      term = scaled(scaled(term, by: angle), by: angle) / (divisor * (divisor + 1))
      if term == 0 { return rounded(sum.magnitude) }
      sum += isNegative ? -Int128(term) : Int128(term)
      isNegative.toggle()
      divisor += 2
    }
  }

  /// A number of units of 2^-125 as a double, rounded twice as the unit does: to its own 64 bits,
  /// then to 53.
  private static func rounded(_ value: UInt128) -> Double {
    let excess = UInt128(max(0, 64 - value.leadingZeroBitCount))
    let kept = value >> excess
    let half: UInt128 = excess == 0 ? 0 : 1 << (excess - 1)
    let rest = value - kept << excess
    let isUp = excess > 0 && (rest > half || rest == half && kept & 1 == 1)
    return Double((kept + (isUp ? 1 : 0)) << excess) * 0x1p-125
  }

  /// `value * angle / 2^65`, for an angle below 2^65 (that is, below 1).
  private static func scaled(_ value: UInt128, by angle: UInt128) -> UInt128 {
    let product = value.multipliedFullWidth(by: angle)
    return product.high << 63 | product.low >> 65
  }
}
