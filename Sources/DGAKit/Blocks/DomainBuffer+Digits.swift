extension DomainBuffer {
  /// Adds a number in a base from 2 to 36, with the digits 0 to 9 and a to z.
  ///
  /// At least `width` digits are written, filled with 0 on the left.
  @inlinable
  public mutating func append<Value: FixedWidthInteger & UnsignedInteger>(
    digitsOf value: Value, base: Value, width: Int = 1
  ) {
    precondition((2...36).contains(base), "a base with digits is from 2 to 36")
    let digitCount = appendReversed(value, base: base, width: width) { digit in
      let number = UInt8(truncatingIfNeeded: digit)
      return number < 10 ? number &+ UInt8(ascii: "0") : number &+ (UInt8(ascii: "a") &- 10)
    }
    reverseLast(digitCount)
  }

  /// Adds a number with digits of one's own, the one for 0 first; their number is the base.
  ///
  /// The alphabet must have two digits or more.
  @inlinable
  public mutating func append<Value: FixedWidthInteger & UnsignedInteger>(
    digitsOf value: Value, alphabet: Span<UInt8>, width: Int = 1
  ) {
    precondition(alphabet.count >= 2, "an alphabet has two digits or more")
    let digitCount = appendReversed(
      value, base: Value(truncatingIfNeeded: alphabet.count), width: width
    ) { alphabet[Int(truncatingIfNeeded: $0)] }
    reverseLast(digitCount)
  }

  /// Adds the lowest digit of a number first, as loops of `value % base` do that never turn the
  /// result round; nothing at all for 0 unless `width` asks for it.
  @inlinable
  public mutating func append<Value: FixedWidthInteger & UnsignedInteger>(
    reversedDigitsOf value: Value, alphabet: Span<UInt8>, width: Int = 0
  ) {
    precondition(alphabet.count >= 2, "an alphabet has two digits or more")
    _ = appendReversed(
      value, base: Value(truncatingIfNeeded: alphabet.count), width: width
    ) { alphabet[Int(truncatingIfNeeded: $0)] }
  }

  /// Adds octets as lower-case hexadecimal digits.
  @inlinable
  public mutating func append(hexadecimal octets: Span<UInt8>) {
    for position in octets.indices { append(hexadecimal: octets[position]) }
  }

  /// Adds an octet as two lower-case hexadecimal digits.
  @inlinable
  @inline(__always)
  public mutating func append(hexadecimal octet: UInt8) {
    append(hexadecimalDigit: octet &>> 4)
    append(hexadecimalDigit: octet & 0xF)
  }

  /// Adds the hexadecimal digit, in lower case, for a number from 0 to 15.
  @inlinable
  @inline(__always)
  public mutating func append(hexadecimalDigit digit: UInt8) {
    append(digit.hexadecimalCharacter)
  }

  /// Adds a letter for 0 to 25, a digit for 26 to 35.
  @inlinable
  @inline(__always)
  public mutating func append(letterOrDigit symbol: UInt8) {
    append(symbol < 26 ? UInt8(ascii: "a") &+ symbol : UInt8(ascii: "0") &- 26 &+ symbol)
  }

  /// Adds a number in decimal: a sign if it is negative, and at least `width` digits.
  @inlinable
  public mutating func append(decimal number: Int, width: Int = 1) {
    number.forEachDecimalCharacter(width: width) { append($0) }
  }

  @inlinable
  mutating func appendReversed<Value: FixedWidthInteger & UnsignedInteger>(
    _ value: Value, base: Value, width: Int, digit: (Value) -> UInt8
  ) -> Int {
    var rest = value
    var written = 0
    while rest > 0 || written < width {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: base)
      append(digit(remainder))
      rest = quotient
      written &+= 1
    }
    return written
  }

  /// Turns the last octets round.
  @inlinable
  public mutating func reverseLast(_ octetCount: Int) {
    var low = max(0, count &- octetCount)
    var high = count &- 1
    while low < high {
      (self[low], self[high]) = (self[high], self[low])
      low &+= 1
      high &-= 1
    }
  }
}
