import CLibFuzzer
import FuzzEntries
import Glibc

// usage: fuzz list | fuzz ENTRY [options of libFuzzer and corpus folders]
//
// The first argument picks the entry; libFuzzer gets the rest. SwiftPM names the program's own
// `main`, so libFuzzer is used as a library instead of bringing its own.

let name = CommandLine.arguments.dropFirst().first ?? ""
guard name != "list" else {
  for entry in fuzzEntries { print(entry.name) }
  exit(0)
}
guard let entry = fuzzEntries.first(where: { $0.name == name }) else {
  print("no entry '\(name)'; 'fuzz list' prints all of them")
  exit(2)
}
chosen = entry

// C strings that live as long as the process, which ends with the driver.
var arguments = (["fuzz"] + CommandLine.arguments.dropFirst(2)).map { strdup($0) }
var count = CInt(arguments.count)
let status = arguments.withUnsafeMutableBufferPointer { buffer in
  var start = buffer.baseAddress
  return LLVMFuzzerRunDriver(&count, &start) { octets, size in
    chosen?.run(Array(UnsafeBufferPointer(start: octets, count: size)))
    return 0
  }
}
exit(status)
