/// Traps when a message for people could fake a line of a log or command a terminal.
func checkOneLine(_ message: String) {
  precondition(
    message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F },
    "control character in: \(message.debugDescription)")
}
