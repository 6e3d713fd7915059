import DNSWire
import Testing

@Suite struct ReaderWriterTests {
  @Test("numbers are big-endian, and a read past the end stays where it was")
  func numbers() throws {
    let octets: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    var reader = WireReader(octets.span)
    #expect(try reader.readUInt8() == 1)
    #expect(try reader.readUInt16() == 0x0203)
    #expect(try reader.readUInt32() == 0x0405_0607)
    expectTruncated(at: 7) { () throws(WireError) in _ = try reader.readUInt16() }
    #expect(reader.offset == 7)
    #expect(try reader.readBytes(1) == [8])
    expectTruncated(at: 8) { () throws(WireError) in _ = try reader.readUInt8() }
    expectTruncated(at: 8) { () throws(WireError) in try reader.skip(1) }
    expectTruncated(at: 8) { () throws(WireError) in _ = try reader.readBytes(-1) }
    #expect(reader.remaining == 0)
  }

  private func expectTruncated(at offset: Int, _ read: () throws(WireError) -> Void) {
    do throws(WireError) {
      try read()
      Issue.record("did not throw")
    } catch {
      #expect(error == WireError(.truncated, at: offset))
    }
  }

  @Test("an offset outside is clamped", arguments: [(-1, 0), (2, 2), (9, 3)])
  func clamped(_ given: Int, _ offset: Int) {
    let octets: [UInt8] = [1, 2, 3]
    #expect(WireReader(octets.span, at: given).offset == offset)
  }

  @Test("names are skipped as far as they are read")
  func skipName() throws {
    let octets: [UInt8] = [1, 0x61, 0, 1, 0x62, 0xC0, 0, 7]
    var skipping = WireReader(octets.span, at: 3)
    var reading = WireReader(octets.span, at: 3)
    try skipping.skipName()
    #expect(try reading.readName() == Name("b.a"))
    #expect(skipping.offset == 7 && reading.offset == 7)
  }

  @Test("a name that cannot be skipped leaves the reader where it was")
  func skipNameStays() {
    let octets: [UInt8] = [1, 0x61, 0x40]
    var reader = WireReader(octets.span)
    try? reader.skipName()
    #expect(reader.offset == 0)
  }

  @Test("a writer keeps its limit and stays overflowed")
  func overflow() {
    let octets = WireWriter.array(capacity: 6) { writer in
      writer.append(1)
      writer.append16(0x0203)
      writer.setLimit(4)
      writer.append16(0xFFFF)
      #expect(writer.overflowed && writer.count == 3)
      writer.append(9)
      #expect(writer.count == 3)
      writer.rewind(to: 3)
      writer.setLimit(100)
      writer.append([4, 5, 6])
      writer.patch16(0x0A0B, at: 1)
      writer.patch16(0, at: 5)
      #expect(writer.octet(at: 6) == 0 && writer.peek16(at: 1) == 0x0A0B)
    }
    #expect(octets == [1, 10, 11, 4, 5, 6])
    #expect(WireWriter.array(capacity: 1) { $0.append16(1) } == nil)
  }

  @Test("names are compressed to the longest suffix within reach of 14 bits")
  func compression() throws {
    var writer = CompressingWriter(origin: 12)
    writer.appendCompressed(try Name("mail.example.com"))
    writer.appendCompressed(try Name("WWW.Example.com"))
    writer.appendCompressed(.root)
    writer.appendCompressed(try Name("mail.example.com."))
    #expect(writer.octets[18...] == [3, 0x57, 0x57, 0x57, 0xC0, 17, 0, 0xC0, 12])
    writer.rewind(to: 0)
    writer.appendCompressed(try Name("com"))
    #expect(writer.octets == [3, 0x63, 0x6F, 0x6D, 0])
    var far = CompressingWriter(origin: 0x4000)
    far.appendCompressed(try Name("a"))
    far.appendCompressed(try Name("a"))
    #expect(far.octets == [1, 0x61, 0, 1, 0x61, 0])
  }
}
