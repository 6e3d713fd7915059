import Operation

/// A message between a server and its successor: what is read can be written and read again, and
/// what is shown of it is one line.
func fuzzTakeover(_ octets: [UInt8]) {
  let message = HandoverMessage(reading: octets)
  checkOneLine(message.text)
  precondition(message.text.utf8.count <= HandoverMessage.octets, "a message too long to be sent")
  precondition(
    HandoverMessage(reading: Array(message.text.utf8)) == message, "reads back as another")
}
